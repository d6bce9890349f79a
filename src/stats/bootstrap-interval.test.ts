import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BadArgument } from "../core/errors.ts";
import { hasShared } from "../lib/testing/shared.ts";
import { acceleration, bcaInterval, percentileInterval } from "./bootstrap-interval.ts";
import { significance } from "./testing/significance.ts";
import { toUnits } from "./units.ts";

const oneToHundred = Float64Array.from({ length: 101 }, (_, i) => i);

describe("percentileInterval", () => {
  it("cuts (1 - level) / 2 off each end", () => {
    for (const [level, cut] of [
      [0.9, 5],
      [0.95, 2.5],
    ] as const) {
      const { low, high } = percentileInterval(oneToHundred, level);
      expect(low).toBeCloseTo(cut, 10);
      expect(high).toBeCloseTo(100 - cut, 10);
    }
  });

  it("does not need or change the order", () => {
    const shuffled = [3, 1, 2];
    percentileInterval(shuffled, 0.5);
    expect(shuffled).toEqual([3, 1, 2]);
    expect(percentileInterval(shuffled, 0.5)).toEqual({ low: 1.5, high: 2.5 });
  });
});

describe("bcaInterval", () => {
  it("without bias and acceleration is the percentile interval", () => {
    const bca = bcaInterval({ estimate: 50, resampled: oneToHundred, acceleration: 0, level: 0.95 });
    const percentile = percentileInterval(oneToHundred, 0.95);
    expect(bca.low).toBeCloseTo(percentile.low, 9);
    expect(bca.high).toBeCloseTo(percentile.high, 9);
  });

  it("moves up for positive skewness and for resamples that lie low", () => {
    const base = { estimate: 50, resampled: oneToHundred, acceleration: 0, level: 0.95 };
    const plain = bcaInterval(base);
    for (const moved of [bcaInterval({ ...base, acceleration: 0.05 }), bcaInterval({ ...base, estimate: 60 })]) {
      expect(moved.low).toBeGreaterThan(plain.low);
      expect(moved.high).toBeGreaterThan(plain.high);
    }
  });

  it("mirrors", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1 / 6, max: 1 / 6, noNaN: true }),
        fc.integer({ min: 5, max: 95 }),
        fc.double({ min: 0.5, max: 0.99, noNaN: true }),
        (a, estimate, level) => {
          const up = bcaInterval({ estimate, resampled: oneToHundred, acceleration: a, level });
          const negated = oneToHundred.map((x) => -x);
          const down = bcaInterval({ estimate: -estimate, resampled: negated, acceleration: -a, level });
          expect(down.low).toBeCloseTo(-up.high, 6);
          expect(down.high).toBeCloseTo(-up.low, 6);
        },
      ),
    );
  });

  it("stays finite and within the resamples where every resample lies on one side", () => {
    for (const estimate of [-10, 200]) {
      const { low, high } = bcaInterval({ estimate, resampled: oneToHundred, acceleration: 0.16, level: 0.9999 });
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(100);
      expect(low).toBeLessThanOrEqual(high);
    }
  });

  it.skipIf(!hasShared)("equals scipy's to 1e-9 on the same resamples", () => {
    const given = significance().bootstrap_algebra_given_resamples;
    const find = (start: string) => given[Object.keys(given).find((key) => key.startsWith(start))!]!;
    const units = toUnits(find("data"));
    const resampled = find("resampled_means");
    const [, a, , , low, high] = find("own z0");
    expect(acceleration(units.deviations)).toBeCloseTo(a!, 12);
    const bca = bcaInterval({ estimate: units.mean, resampled, acceleration: a!, level: 0.95 });
    expect(Math.abs(bca.low - low!)).toBeLessThan(1e-9);
    expect(Math.abs(bca.high - high!)).toBeLessThan(1e-9);
    expect(Math.abs(bca.low - find("scipy_BCa")[0]!)).toBeLessThan(1e-9);
    const percentile = percentileInterval(resampled, 0.95);
    expect(Math.abs(percentile.low - find("percentile")[0]!)).toBeLessThan(1e-12);
    expect(Math.abs(percentile.high - find("percentile")[1]!)).toBeLessThan(1e-12);
  });

  it("refuses no resamples and a level of 1", () => {
    expect(() => bcaInterval({ estimate: 0, resampled: [], acceleration: 0, level: 0.95 })).toThrow(BadArgument);
    expect(() => bcaInterval({ estimate: 0, resampled: [1], acceleration: 0, level: 1 })).toThrow(BadArgument);
    expect(() => percentileInterval([], 0.95)).toThrow(BadArgument);
  });
});

describe("acceleration", () => {
  it("equals the jackknife over the means without one value", () => {
    const values = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 3, maxLength: 30 });
    fc.assert(
      fc.property(values, (xs) => {
        fc.pre(new Set(xs).size > 1);
        const total = xs.reduce((a, b) => a + b, 0);
        const left = xs.map((x) => (total - x) / (xs.length - 1));
        const centre = left.reduce((a, b) => a + b, 0) / left.length;
        const third = left.reduce((a, m) => a + (centre - m) ** 3, 0);
        const second = left.reduce((a, m) => a + (centre - m) ** 2, 0);
        expect(acceleration(toUnits(xs).deviations)).toBeCloseTo(third / (6 * second ** 1.5), 9);
      }),
    );
  });

  it("is 0 for symmetric values, positive for a long tail upwards, at most 1/6", () => {
    expect(acceleration(toUnits([1, 2, 3]).deviations)).toBeCloseTo(0, 14);
    const one = acceleration(toUnits([...Array(500).fill(0), 1]).deviations);
    expect(one).toBeGreaterThan(0.15);
    expect(one).toBeLessThanOrEqual(1 / 6);
  });
});
