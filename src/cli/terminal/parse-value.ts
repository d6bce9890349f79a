import { UsageError } from "../../core/errors.ts";
import { nearest } from "../../lib/nearest.ts";
import { quoteValue } from "../../lib/text.ts";

/** Any text that is not empty. */
export function text(value: string, flag: string): string {
  if (value !== "") return value;
  throw bad(flag, "a value", value, "leave the flag out or give it a value");
}

/** A whole number in a range. */
export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER) {
  return (value: string, flag: string): number => {
    const n = Number(value);
    if (/^-?\d{1,16}$/.test(value.trim()) && n >= min && n <= max) return n;
    const range = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`;
    throw bad(flag, `a whole number ${range}`, value, `write for example ${flag} ${Math.max(min, 3)}`);
  };
}

/** A fraction strictly between 0 and 1. */
export function openFraction(value: string, flag: string): number {
  const x = Number(value);
  if (value.trim() !== "" && x > 0 && x < 1) return x;
  throw bad(flag, "a number between 0 and 1, both excluded", value, `write for example ${flag} 0.05`);
}

/** A number from 0 up. */
export function nonNegative(value: string, flag: string): number {
  const x = Number(value);
  if (value.trim() !== "" && Number.isFinite(x) && x >= 0) return x;
  throw bad(flag, "a number from 0 up", value, `write for example ${flag} 0.01`);
}

/** A number above 0. */
export function positive(value: string, flag: string): number {
  const x = Number(value);
  if (value.trim() !== "" && Number.isFinite(x) && x > 0) return x;
  throw bad(flag, "a number above 0", value, `write for example ${flag} 0.05`);
}

const SPANS: ReadonlyMap<string, number> = new Map([
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

/** A span of time: a number and its unit. @returns milliseconds */
export function timeSpan(value: string, flag: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(value.trim()) ?? [];
  const ms = Number(number) * (SPANS.get(unit ?? "") ?? Number.NaN);
  if (ms > 0) return ms;
  throw bad(flag, "a span of time in s, m, h or d", value, `write for example ${flag} 2h`);
}

/** One of a fixed set of words. */
export function choice<const T extends string>(...words: readonly T[]) {
  return (value: string, flag: string): T => {
    const found = words.find((w) => w === value);
    if (found !== undefined) return found;
    const near = nearest(value, words);
    throw bad(
      flag,
      `one of ${words.join(", ")}`,
      value,
      near ? `did you mean "${near}"?` : `write for example ${flag.startsWith("<") ? "" : `${flag} `}${words[0]}`,
    );
  };
}

function bad(flag: string, expected: string, got: string, fix: string): UsageError {
  return new UsageError({ code: "E_USAGE", where: flag, expected, got: quoteValue(got), fix });
}
