import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seeded } from "../core/rng.ts";
import { quantileSorted } from "./quantile.ts";
import { quantileInterval, quantileRanks } from "./quantile-interval.ts";

/** P(Bin(n, p) = k) by its definition. */
function pmf(n: number, p: number, k: number): number {
  let logChoose = 0;
  for (let i = 1; i <= k; i += 1) logChoose += Math.log(n - k + i) - Math.log(i);
  return Math.exp(logChoose + k * Math.log(p) + (n - k) * Math.log1p(-p));
}

const below = (n: number, p: number, l: number): number =>
  Array.from({ length: l }, (_, k) => pmf(n, p, k)).reduce((a, b) => a + b, 0);

describe("quantileRanks", () => {
  it.each([
    // Medians at 95 % as tables of the sign test print them.
    [6, 0.5, 0.95, 1, 6],
    [10, 0.5, 0.95, 2, 9],
    [20, 0.5, 0.95, 6, 15],
    [100, 0.5, 0.95, 40, 61],
    // Five values: 2 · .5⁵ = .0625 > .05, so neither end exists.
    [5, 0.5, 0.95, undefined, undefined],
    // 1 - .99ⁿ ≥ .975 from n = 368 on; 1 - .95ⁿ from n = 72 on.
    [367, 0.99, 0.95, 359, undefined],
    [368, 0.99, 0.95, 360, 368],
    [71, 0.95, 0.95, 63, undefined],
    [72, 0.95, 0.95, 64, 72],
    [1, 0.5, 0.95, undefined, undefined],
  ])("of n = %d, p = %d at %d are %s and %s", (n, p, level, low, high) => {
    expect(quantileRanks(n, p, level)).toEqual({ low, high });
  });

  it("are the narrowest whose tails, added up term by term, stay within (1 - level) / 2", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 120 }),
        fc.constantFrom(0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99),
        fc.constantFrom(0.8, 0.9, 0.95, 0.99),
        (n, p, level) => {
          const tail = (1 - level) / 2 + 1e-9;
          const { low, high } = quantileRanks(n, p, level);
          if (low !== undefined) expect(below(n, p, low)).toBeLessThanOrEqual(tail);
          if ((low ?? 0) < n) expect(below(n, p, (low ?? 0) + 1)).toBeGreaterThan(tail - 2e-9);
          if (high !== undefined) expect(1 - below(n, p, high)).toBeLessThanOrEqual(tail);
          const next = (high ?? n + 1) - 1;
          if (next >= 1) expect(1 - below(n, p, next)).toBeGreaterThan(tail - 2e-9);
        },
      ),
    );
  });

  it("mirror each other: the interval of p from below is that of 1 - p from above", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 99 }), (n, percent) => {
        const a = quantileRanks(n, percent / 100, 0.95);
        const b = quantileRanks(n, 1 - percent / 100, 0.95);
        expect(b.high).toBe(a.low === undefined ? undefined : n + 1 - a.low);
      }),
    );
  });

  it("hold the point estimate wherever both ends exist", () => {
    const rng = seeded("point");
    for (const n of [75, 400, 3000]) {
      const sorted = Float64Array.from({ length: n }, () => rng.float() ** 4).sort();
      for (const p of [0.5, 0.95, 0.99]) {
        const { low = -1, high = 2 } = quantileInterval(sorted, p, 0.95);
        expect(low).toBeLessThanOrEqual(quantileSorted(sorted, p));
        expect(high).toBeGreaterThanOrEqual(quantileSorted(sorted, p));
      }
    }
  });

  it.each([
    [0, 0.5, 0.95],
    [10, 0, 0.95],
    [10, 1, 0.95],
    [10, 0.5, 1],
    [2.5, 0.5, 0.95],
  ])("refuse n = %d, p = %d, level = %d", (n, p, level) => {
    expect(() => quantileRanks(n, p, level)).toThrow(/must/);
  });
});

describe("quantileInterval", () => {
  it("is a value of the sample at each end, and refuses an empty one", () => {
    expect(quantileInterval([1, 2, 3, 4, 5, 60], 0.5, 0.95)).toEqual({ low: 1, high: 60 });
    expect(quantileInterval([1, 2], 0.99, 0.95)).toEqual({ low: 2, high: undefined });
    expect(() => quantileInterval([], 0.5, 0.95)).toThrow(/at least one value/);
  });

  it("covers the quantile at least as often as its level says, on skewed latencies", () => {
    const rng = seeded("coverage");
    // Exponential with a rare slow mode; its quantile from two million draws is exact to three digits.
    const draw = (): number => -Math.log(1 - rng.float()) * (rng.float() < 0.05 ? 8 : 1);
    const big = Float64Array.from({ length: 400_000 }, draw).sort();
    for (const p of [0.5, 0.95]) {
      const truth = quantileSorted(big, p);
      let covered = 0;
      for (let round = 0; round < 1000; round += 1) {
        const sample = Float64Array.from({ length: 200 }, draw).sort();
        const { low = 0, high = Infinity } = quantileInterval(sample, p, 0.9);
        if (low <= truth && truth <= high) covered += 1;
      }
      // Discrete ranks make it conservative; .88 is three standard errors below .90.
      expect(covered / 1000).toBeGreaterThan(0.88);
      expect(covered / 1000).toBeLessThan(0.97);
    }
  });
});
