import { expect, it } from "vitest";
import { formatSpan } from "./format-span.ts";

it.each([
  [0, "1 s"],
  [40_400, "40 s"],
  [99_000, "99 s"],
  [100_000, "2 min"],
  [5_940_000, "99 min"],
  [12_000_000, "3 h 20 min"],
  [172_700_000, "47 h 58 min"],
  [187_200_000, "2 d 4 h"],
])("writes %d ms as %s", (ms, text) => {
  expect(formatSpan(ms)).toBe(text);
});
