import { describe, expect, it } from "vitest";
import { seeded } from "../../core/rng.ts";
import { logGamma } from "../incomplete-beta.ts";
import { BinomialDraws } from "./binomial-draws.ts";
import { unitCounts, unitResampler } from "./unit-counts.ts";

const probability = (n: number, p: number, k: number) =>
  Math.exp(logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) + k * Math.log(p) + (n - k) * Math.log1p(-p));

describe("BinomialDraws", () => {
  it.each([
    [1, 0.3],
    [7, 0.5],
    [40, 0.1],
    [40, 0.24],
    [40, 0.26],
    [40, 0.9],
    [1000, 0.005],
    [1000, 0.3],
    [100_000, 0.0002],
    [100_000, 0.45],
  ])("of %d at %d follow the distribution: chi-square within 5 standard deviations", (n, p) => {
    const draws = new BinomialDraws(seeded(`${n}/${p}`));
    const total = 40_000;
    const counts = new Map<number, number>();
    for (let i = 0; i < total; i++) {
      const k = draws.draw(n, p);
      counts.set(k, (counts.get(k) ?? 0) + 1);
    }
    const expected = new Map<number, number>();
    const reach = 8 * Math.sqrt(n * p * (1 - p)) + 8;
    for (let k = Math.max(0, Math.floor(n * p - reach)); k <= Math.min(n, n * p + reach); k++) {
      expected.set(k, total * probability(n, p, k));
    }
    // Neighbouring numbers are pooled until each group expects 20.
    let [chiSquare, groups, seen, wanted, all] = [0, 0, 0, 0, 0];
    for (const [k, e] of expected) {
      seen += counts.get(k) ?? 0;
      all += counts.get(k) ?? 0;
      wanted += e;
      if (wanted < 20) continue;
      chiSquare += (seen - wanted) ** 2 / wanted;
      groups += 1;
      [seen, wanted] = [0, 0];
    }
    expect(all).toBeGreaterThanOrEqual(total - 1);
    expect(Math.abs(chiSquare - (groups - 1))).toBeLessThan(5 * Math.sqrt(2 * Math.max(1, groups - 1)) + 1);
  });

  it("is sure of nothing and of all", () => {
    const draws = new BinomialDraws(seeded(0));
    expect([draws.draw(0, 0.5), draws.draw(9, 0), draws.draw(9, 1)]).toEqual([0, 0, 9]);
  });
});

describe("unitResampler", () => {
  it.each([4000, 5000])("of %d items draws each row as often as items have it, with the multinomial's spread", (n) => {
    const rowOf = Int32Array.from({ length: n }, (_, i) => (i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2));
    const resample = unitResampler(unitCounts(rowOf, 4), seeded(n));
    const counts = new Float64Array(4);
    const sums = [0, 0, 0, 0];
    const squares = [0, 0, 0, 0];
    let product = 0;
    const resamples = 2000;
    for (let r = 0; r < resamples; r++) {
      resample(counts);
      expect(counts.reduce((a, b) => a + b)).toBe(n);
      counts.forEach((count, row) => {
        sums[row]! += count / resamples;
        squares[row]! += count ** 2 / resamples;
      });
      product += (counts[0]! * counts[1]!) / resamples;
    }
    for (const [row, share] of [0.6, 0.3, 0.1, 0].entries()) {
      const variance = n * share * (1 - share);
      expect(Math.abs(sums[row]! - n * share)).toBeLessThanOrEqual(5 * Math.sqrt(variance / resamples));
      expect(Math.abs(squares[row]! - sums[row]! ** 2 - variance)).toBeLessThanOrEqual(0.2 * variance);
    }
    // Covariance -n p q.
    expect((product - sums[0]! * sums[1]!) / (-n * 0.6 * 0.3)).toBeCloseTo(1, 0);
  });

  it("draws whole clusters", () => {
    const units = unitCounts(Int32Array.of(0, 0, 1, 1), 2, [7, 7, 9, 9]);
    const counts = new Float64Array(2);
    const resample = unitResampler(units, seeded(0));
    for (let r = 0; r < 50; r++) {
      resample(counts);
      expect([
        [4, 0],
        [2, 2],
        [0, 4],
      ]).toContainEqual([...counts]);
    }
  });
});
