import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BadArgument } from "../core/errors.ts";
import { hasShared } from "../lib/testing/shared.ts";
import { normalQuantile } from "./normal.ts";
import { significance } from "./testing/significance.ts";
import { wilson } from "./wilson.ts";

const counts = fc.integer({ min: 1, max: 5000 }).chain((n) => fc.tuple(fc.nat({ max: n }), fc.constant(n)));
const level = fc.double({ min: 0.01, max: 0.999, noNaN: true });

describe("wilson", () => {
  it.each([
    // successes, n, low, high: by hand with z² = 3.841459; 0 of n is [0, z² / (n + z²)]
    [0, 10, 0, 3.841459 / 13.841459],
    [10, 10, 10 / 13.841459, 1],
    [0, 1, 0, 3.841459 / 4.841459],
    [1, 1, 1 / 4.841459, 1],
    [5, 10, 0.5 - (1.959964 * Math.sqrt(2.5 + 0.96036475)) / 13.841459, 0.763407],
  ])("%d of %d", (successes, n, low, high) => {
    const interval = wilson(successes, n, 0.95);
    expect(interval.low).toBeCloseTo(low, 6);
    expect(interval.high).toBeCloseTo(high, 6);
  });

  it.skipIf(!hasShared)("equals statsmodels on all reference counts", () => {
    const rows = significance().proportion_ci95;
    expect(rows.length).toBeGreaterThan(10);
    for (const { k, n, wilson: expected } of rows) {
      const { low, high } = wilson(k, n, 0.95);
      expect(Math.abs(low - expected[0]), `${k} of ${n}`).toBeLessThan(1e-12);
      expect(Math.abs(high - expected[1]), `${k} of ${n}`).toBeLessThan(1e-12);
    }
  });

  it("lies in [0, 1], holds the proportion and has a width, at the floor and the ceiling too", () => {
    fc.assert(
      fc.property(counts, level, ([k, n], confidence) => {
        const { low, high } = wilson(k, n, confidence);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(k / n);
        expect(high).toBeGreaterThanOrEqual(k / n);
        expect(high).toBeLessThanOrEqual(1);
        expect(high - low).toBeGreaterThan(0);
      }),
    );
  });

  it("mirrors: failures have the mirrored interval", () => {
    fc.assert(
      fc.property(counts, level, ([k, n], confidence) => {
        const a = wilson(k, n, confidence);
        const b = wilson(n - k, n, confidence);
        expect(b.low).toBeCloseTo(1 - a.high, 12);
        expect(b.high).toBeCloseTo(1 - a.low, 12);
      }),
    );
  });

  it("ends where the observed proportion is z standard errors of the end itself away", () => {
    fc.assert(
      fc.property(counts, level, ([k, n], confidence) => {
        const z = normalQuantile((1 + confidence) / 2);
        const { low, high } = wilson(k, n, confidence);
        for (const end of [low, high]) {
          if (end === 0 || end === 1) continue;
          expect(Math.abs(k / n - end)).toBeCloseTo(z * Math.sqrt((end * (1 - end)) / n), 8);
        }
      }),
    );
  });

  it("widens with the level and narrows with n", () => {
    const width = (k: number, n: number, l: number) => wilson(k, n, l).high - wilson(k, n, l).low;
    expect(width(3, 10, 0.99)).toBeGreaterThan(width(3, 10, 0.95));
    expect(width(30, 100, 0.95)).toBeLessThan(width(3, 10, 0.95));
  });

  it.each([
    [1, 0, 0.95],
    [-1, 10, 0.95],
    [11, 10, 0.95],
    [Number.NaN, 10, 0.95],
    [1, 10, 0],
    [1, 10, 1],
    [1, 10, 95],
  ])("refuses %d of %d at level %d", (k, n, confidence) => expect(() => wilson(k, n, confidence)).toThrow(BadArgument));
});
