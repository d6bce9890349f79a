import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BadArgument } from "../core/errors.ts";
import { seeded } from "../core/rng.ts";
import { betterOrWorse } from "./better-or-worse.ts";
import { comparePaired } from "./compare-paired.ts";
import { queriesNeeded } from "./queries-needed.ts";
import { tInterval } from "./t-interval.ts";

const rng = seeded("compare");
const ones = (n: number, of: number) => Array.from({ length: of }, (_, i) => (i < n ? 1 : 0));

describe("comparePaired", () => {
  it("carries difference, p, wins, ties and losses with draws and seed", () => {
    const a = [1, 0, 1, 1, 0];
    const b = [0, 0, 1, 0, 1];
    const compared = comparePaired(a, b, { range: [0, 1], failed: 1, unscored: 3, rng });
    expect(compared).toMatchObject({ wins: 2, ties: 2, losses: 1, p: 1, draws: 8, test: "exact", seed: "compare" });
    expect(compared.difference).toMatchObject({
      state: "estimated",
      mean: 0.2,
      n: 5,
      failed: 1,
      unscored: 3,
      method: "t",
      low: tInterval([1, 0, 0, 1, -1], 0.95).low,
    });
  });

  it("54 against 53 right of 71 is no difference that anyone could tell", () => {
    // The best case for "better": one question won, none lost; and the worst: the two disagree on 35.
    for (const b of [ones(53, 71), [...ones(36, 53), ...Array(1).fill(0), ...ones(17, 17)]]) {
      const { difference, p } = comparePaired(ones(54, 71), b, { range: [0, 1], rng });
      if (difference.state !== "estimated") throw new Error(difference.reason);
      expect(difference.mean).toBeCloseTo(1 / 71, 12);
      expect(p).toBeGreaterThan(0.8);
      expect(betterOrWorse(difference, { minEffect: 0, better: "higher" })).toBe("cannot tell");
    }
    // If one answer in five differs, an effect of that size needs thousands of questions.
    const differences = [...Array(8).fill(1), ...Array(7).fill(-1), ...Array(56).fill(0)];
    const needed = queriesNeeded({ differences, effect: 1 / 71 });
    expect(needed.state === "known" && needed.queries).toBeGreaterThan(5000);
  });

  it("of two equal runs is bounded by what the unseen could hold, not certain", () => {
    const scores = ones(40, 60);
    const { difference, p, ties } = comparePaired(scores, scores, { range: [0, 1], rng });
    expect({ p, ties }).toEqual({ p: 1, ties: 60 });
    expect(difference).toMatchObject({ state: "estimated", mean: 0, method: "all-equal" });
    expect(difference.state === "estimated" && difference.high).toBeCloseTo(0.0602, 4);
    expect(comparePaired(scores, scores, { rng }).difference.state).toBe("not-estimable");
  });

  it("calls scores that differ by rounding a tie", () => {
    expect(comparePaired([0.1 + 0.2, 0.7], [0.3, 0.6], { rng })).toMatchObject({ wins: 1, ties: 1, losses: 0 });
  });

  it("takes t below 100 pairs or clusters and the percentile bootstrap from there, unless told", () => {
    const a = Array.from({ length: 200 }, (_, i) => ((i * 31) % 50) / 50);
    const b = Array.from({ length: 200 }, (_, i) => ((i * 17) % 50) / 50);
    const method = (n: number, options = {}) => {
      const { difference } = comparePaired(a.slice(0, n), b.slice(0, n), {
        resamples: 199,
        draws: 999,
        rng,
        ...options,
      });
      return difference.state === "estimated" && difference.method;
    };
    expect(method(99)).toBe("t");
    expect(method(100)).toBe("bootstrap-percentile");
    expect(method(200, { clusters: a.map((_, i) => i % 60) })).toBe("t-clustered");
    expect(method(200, { clusters: a.map((_, i) => i % 120) })).toBe("bootstrap-percentile-clustered");
    expect(method(50, { method: "bootstrap-bca" })).toBe("bootstrap-bca");
  });

  it("turns round when the systems swap", () => {
    const scores = fc.array(fc.tuple(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 10 })), {
      minLength: 2,
      maxLength: 120,
    });
    fc.assert(
      fc.property(scores, (pairs) => {
        const a = pairs.map(([x]) => x / 10);
        const b = pairs.map(([, y]) => y / 10);
        const options = { range: [0, 1] as const, draws: 999, resamples: 199, rng };
        const ab = comparePaired(a, b, options);
        const ba = comparePaired(b, a, options);
        expect([ba.p, ba.wins, ba.ties, ba.losses]).toEqual([ab.p, ab.losses, ab.ties, ab.wins]);
        if (ab.difference.state !== "estimated" || ba.difference.state !== "estimated") throw new Error("no interval");
        expect(ba.difference.mean).toBeCloseTo(-ab.difference.mean, 12);
        expect(ba.difference.low).toBeCloseTo(-ab.difference.high, 10);
        expect(ba.difference.high).toBeCloseTo(-ab.difference.low, 10);
      }),
      { numRuns: 40 },
    );
  });

  it("of too few pairs is not estimable, with p = 1", () => {
    for (const values of [[], [0.5]]) {
      const compared = comparePaired(
        values,
        values.map(() => 0),
        { range: [0, 1], rng },
      );
      expect(compared.p).toBe(1);
      expect(compared.difference.state).toBe("not-estimable");
    }
  });

  it("refuses lists of different length and values that are not numbers", () => {
    expect(() => comparePaired([1, 2], [1], { rng })).toThrow(/got 2 and 1 values/);
    expect(() => comparePaired([1, Number.NaN], [1, 2], { rng })).toThrow(BadArgument);
  });
});
