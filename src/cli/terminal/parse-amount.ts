import { UsageError } from "../../core/errors.ts";
import { quoteValue } from "../../lib/text.ts";

const BYTES = new Map([
  ["", 1],
  ["b", 1],
  ["kb", 1e3],
  ["mb", 1e6],
  ["gb", 1e9],
  ["kib", 2 ** 10],
  ["mib", 2 ** 20],
  ["gib", 2 ** 30],
]);
const MILLISECONDS = new Map([
  ["ms", 1],
  ["", 1000],
  ["s", 1000],
  ["m", 60_000],
]);

/** A number of bytes as people write it: `20MB` (20,000,000), `20MiB`, `500kB`, `1000`. */
export function bytes(value: string, flag: string): number {
  return amount(value, BYTES, () => bad(flag, "a size such as 20MB, 500kB or 1000 (bytes)", value, "20MB"));
}

/** A span of time as people write it, in milliseconds: `30s`, `500ms`, `2m`, `30` (seconds). */
export function milliseconds(value: string, flag: string): number {
  return amount(value, MILLISECONDS, () => bad(flag, "a time such as 30s, 500ms or 2m", value, "30s"));
}

function amount(value: string, units: ReadonlyMap<string, number>, error: () => UsageError): number {
  const [, number, unit] = /^(\d{1,12}(?:\.\d{1,6})?) ?([a-z]{0,3})$/i.exec(value.trim()) ?? [];
  const factor = unit === undefined ? undefined : units.get(unit.toLowerCase());
  const found = factor === undefined ? 0 : Math.round(Number(number) * factor);
  if (found >= 1 && found <= Number.MAX_SAFE_INTEGER) return found;
  throw error();
}

function bad(flag: string, expected: string, got: string, example: string): UsageError {
  return new UsageError({
    code: "E_USAGE",
    where: flag,
    expected,
    got: quoteValue(got),
    fix: `write for example ${flag} ${example}`,
  });
}
