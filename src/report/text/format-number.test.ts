import { describe, expect, it } from "vitest";
import {
  formatCount,
  formatDuration,
  formatEstimate,
  formatLevel,
  formatValue,
  shortProtocol,
} from "./format-number.ts";

describe("formatValue", () => {
  it.each([
    [0.658, [0, 1], ".658"],
    [1, [0, 1], "1.000"],
    [0, [0, 1], ".000"],
    [0.9996, [0, 1], "1.000"],
    [-0.0123, [-1, 1], "−.012"],
    [-0.0001, [-1, 1], ".000"],
  ] as const)("prints %d of a metric within %j with three decimals as %s", (value, range, expected) => {
    expect(formatValue(value, range)).toBe(expected);
  });

  it.each([
    [0, "0"],
    [12.345, "12.3"],
    [123.45, "123"],
    [45_678, "45678"],
    [0.0012345, "0.00123"],
    [-2.5, "−2.50"],
    [1e-20, "0.000000000000"],
  ] as const)("prints %d without a known range with three significant digits as %s", (value, expected) => {
    expect(formatValue(value)).toBe(expected);
    expect(formatValue(value, [0, 100])).toBe(expected);
  });
});

describe("formatEstimate", () => {
  const counts = { n: 10, unscored: 0, failed: 0 };

  it("prints the mean with its interval", () => {
    const estimate = {
      state: "estimated",
      mean: 0.658,
      low: 0.631,
      high: 0.684,
      level: 0.95,
      method: "t",
      ...counts,
    } as const;
    expect(formatEstimate(estimate, [0, 1])).toBe(".658 [.631, .684]");
  });

  it("prints no number where there is no estimate", () => {
    expect(formatEstimate({ state: "not-estimable", reason: "one sample", ...counts }, [0, 1])).toBe("—");
  });
});

it.each([
  [0, "0.0 ms"],
  [0.42, "0.4 ms"],
  [9.94, "9.9 ms"],
  [9.96, "10 ms"],
  [312.4, "312 ms"],
  [999.6, "1.00 s"],
  [1424, "1.42 s"],
  [75_000, "75.0 s"],
] as const)("formatDuration prints %d ms as %s", (ms, expected) => {
  expect(formatDuration(ms)).toBe(expected);
});

it.each([
  [0, "0"],
  [999, "999"],
  [10_000, "10\u202f000"],
  [5_000_000, "5\u202f000\u202f000"],
] as const)("formatCount groups the digits of %d by thousands", (count, expected) => {
  expect(formatCount(count)).toBe(expected);
});

it("formatLevel prints a level as a percentage without rounding it away", () => {
  expect([0.95, 0.999, 0.5].map(formatLevel)).toEqual(["95\u00a0%", "99.9\u00a0%", "50\u00a0%"]);
});

it("shortProtocol keeps the beginning of the hash and shows control characters as escapes", () => {
  expect(shortProtocol("sha256:0123456789abcdef")).toBe("01234567");
  expect(shortProtocol("a\u001b[31m")).toBe("a\\u001b[31m");
});
