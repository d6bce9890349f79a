import { UsageError } from "../../core/errors.ts";
import { quoteValue } from "../../lib/text.ts";

const HOUR_MS = 3_600_000;
const UNITS = new Map([
  ["h", HOUR_MS],
  ["d", 24 * HOUR_MS],
  ["w", 7 * 24 * HOUR_MS],
]);

/** How long ago, in milliseconds: `12h`, `30d`, `2w`. A number alone is refused: its unit could only be guessed. */
export function age(value: string, flag: string): number {
  const [, number, unit] = /^(\d{1,5}) ?([hdw])$/i.exec(value.trim()) ?? [];
  if (unit !== undefined) return Number(number) * UNITS.get(unit.toLowerCase())!;
  throw new UsageError({
    code: "E_USAGE",
    where: flag,
    expected: "hours, days or weeks, such as 12h, 30d or 2w",
    got: quoteValue(value),
    fix: `write for example ${flag} 30d`,
  });
}
