import { expect } from "vitest";

/** Expects `actual` within a relative error of `expected`; exactly equal where that is 0 or infinite. */
export function expectRelative(actual: number, expected: number, tolerance: number): void {
  if (expected === 0 || !Number.isFinite(expected)) {
    expect(actual).toBe(expected);
    return;
  }
  expect(Math.abs(actual / expected - 1), `${actual} against ${expected}`).toBeLessThanOrEqual(tolerance);
}
