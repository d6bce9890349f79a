import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BadArgument } from "../core/errors.ts";
import type { Estimated } from "../core/estimate.ts";
import { seeded } from "../core/rng.ts";
import { hasShared } from "../lib/testing/shared.ts";
import { clusteredWilson } from "./clustered-wilson.ts";
import { estimateMean, type IntervalMethod, type MeanOptions, type Sample } from "./estimate-mean.ts";
import { tInterval } from "./t-interval.ts";
import { pairOf, type SeededInterval, significance } from "./testing/significance.ts";
import { wilson } from "./wilson.ts";

const rng = seeded("mean");
const METHODS: readonly IntervalMethod[] = ["auto", "t", "bootstrap-percentile", "bootstrap-bca"];
const spread = (n: number) => Array.from({ length: n }, (_, i) => ((i * 37) % 101) / 100);
const sample = (values: ArrayLike<number>, rest: Partial<Sample> = {}): Sample => ({
  values,
  failed: 0,
  unscored: 0,
  ...rest,
});

function estimated(of: Sample, options: Partial<MeanOptions> = {}): Estimated {
  const estimate = estimateMean(of, { rng, ...options });
  if (estimate.state !== "estimated") throw new Error(estimate.reason);
  return estimate;
}

describe("estimateMean", () => {
  it("carries mean, counts, level and method with the interval", () => {
    const estimate = estimateMean(sample([0, 1, 1, 1], { failed: 1, unscored: 2 }), { proportion: true, rng });
    expect(estimate).toEqual({
      state: "estimated",
      mean: 0.75,
      ...wilson(3, 4, 0.95),
      level: 0.95,
      n: 4,
      unscored: 2,
      failed: 1,
      method: "wilson",
    });
  });

  it.each([
    ["no value", [], undefined, "no scored sample"],
    ["one value", [0.5], undefined, "a single sample shows no spread"],
    ["one cluster", [0.5, 0.6, 0.7], [2, 2, 2], "all samples share one cluster"],
  ])("of %s is not estimable, by any method and with a range", (_, values, clusters, reason) => {
    for (const method of METHODS) {
      expect(
        estimateMean(sample(values, { clusters, failed: 0, unscored: 3 }), { method, range: [0, 1], rng }),
      ).toEqual({
        state: "not-estimable",
        reason,
        n: values.length,
        unscored: 3,
        failed: 0,
      });
    }
  });

  it.each([
    ["proportion", 50, true, false, "wilson"],
    ["clustered proportion", 50, true, true, "wilson-clustered"],
    ["few values", 19, false, false, "t"],
    ["values", 20, false, false, "bootstrap-bca"],
    ["many values", 2000, false, false, "t"],
    ["few clusters", 50, false, true, "t-clustered"],
    ["clusters", 200, false, true, "bootstrap-bca-clustered"],
  ])("auto for %s (%d)", (_, n, proportion, clustered, method) => {
    const values = proportion ? spread(n).map((x) => (x > 0.5 ? 1 : 0)) : spread(n);
    const clusters = clustered ? values.map((_, i) => Math.floor(i / 5)) : undefined;
    expect(estimated(sample(values, { clusters }), { proportion, resamples: 199 }).method).toBe(method);
  });

  it("passes on the intervals it names", () => {
    const values = spread(12);
    const clusters = values.map((_, i) => i % 4);
    const bits = values.map((x) => (x > 0.3 ? 1 : 0));
    expect(estimated(sample(values), { method: "t", level: 0.9 })).toMatchObject(tInterval(values, 0.9));
    expect(estimated(sample(values, { clusters }), { method: "t" })).toMatchObject(tInterval(values, 0.95, clusters));
    expect(estimated(sample(bits, { clusters }), { proportion: true })).toMatchObject(
      clusteredWilson(bits, clusters, 0.95),
    );
  });

  it("of equal values has a width where a range bounds them, and is not estimable without", () => {
    for (const method of METHODS) {
      const estimate = estimated(sample(Array(30).fill(1)), { method, range: [0, 1], resamples: 199 });
      expect(estimate).toMatchObject({ method: "all-equal", mean: 1, high: 1 });
      expect(estimate.low).toBeCloseTo(wilson(30, 30, 0.95).low, 12);
      for (const range of [undefined, [0, Number.POSITIVE_INFINITY] as const]) {
        expect(estimateMean(sample([7, 7, 7]), { method, range, rng })).toMatchObject({
          state: "not-estimable",
          reason: "all samples are equal: they show no spread",
          n: 3,
        });
      }
    }
    const twoByTwo = sample([0, 1, 0, 1], { clusters: [0, 0, 1, 1] });
    expect(estimated(twoByTwo, { method: "t", range: [0, 1] }).method).toBe("all-equal-clustered");
  });

  it("never has zero width: where both quantiles of the bootstrap coincide t takes over", () => {
    const values = [...Array(99).fill(0), 1];
    const estimate = estimated(sample(values), { method: "bootstrap-percentile", level: 0.1, resamples: 999 });
    expect(estimate.method).toBe("t");
    expect(estimate.high).toBeGreaterThan(estimate.low);
  });

  it("has an interval of some width within the range, for every sample and method", () => {
    const values = fc.array(fc.constantFrom(0, 0, 0.25, 1 / 3, 0.5, 1, 1, 1), { minLength: 2, maxLength: 40 });
    const groups = fc.option(fc.integer({ min: 2, max: 8 }), { nil: undefined });
    fc.assert(
      fc.property(values, groups, fc.constantFrom(...METHODS), (xs, g, method) => {
        const clusters = g === undefined ? undefined : xs.map((_, i) => i % g);
        const { low, high, mean } = estimated(sample(xs, { clusters }), { method, range: [0, 1], resamples: 199 });
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(high).toBeGreaterThan(low);
        expect(mean).toBeGreaterThanOrEqual(low);
        expect(mean).toBeLessThanOrEqual(high);
      }),
    );
  });

  it("follows shifts and scalings with any method", () => {
    fc.assert(
      fc.property(fc.constantFrom(...METHODS), fc.integer({ min: 1, max: 20 }), (method, scale) => {
        const a = estimated(sample(spread(30)), { method, resamples: 499 });
        const b = estimated(sample(spread(30).map((x) => scale * x - 3)), { method, resamples: 499 });
        expect(b.low).toBeCloseTo(scale * a.low - 3, 9);
        expect(b.high).toBeCloseTo(scale * a.high - 3, 9);
      }),
      { numRuns: 20 },
    );
  });

  it("is the same for the same seed, differs for another, and does not depend on earlier draws", () => {
    const values = sample(spread(40));
    const once = estimateMean(values, { rng: seeded("a") });
    expect(estimateMean(values, { rng: seeded("a") })).toEqual(once);
    expect(estimateMean(values, { rng: seeded("b") })).not.toEqual(once);
    const used = seeded("a");
    used.uint32();
    expect(estimateMean(values, { rng: used })).toEqual(once);
  });

  it("takes rounding beyond the range for the end of the range, and refuses more", () => {
    const { mean, high } = estimated(sample([1 + 2e-16, 1 + 2e-16]), { range: [0, 1] });
    expect([mean, high]).toEqual([1, 1]);
    expect(() => estimateMean(sample([0.5, 1.01]), { range: [0, 1], rng })).toThrow(/values\[1\] = 1.01/);
  });

  it.each([
    ["a level of 95", [0, 1], { level: 95 }],
    ["too few resamples", [0, 1], { resamples: 10 }],
    ["half an answer in a proportion", [0, 0.5], { proportion: true }],
    ["Wilson for what is no proportion", [0, 1], { method: "wilson" as const }],
    ["NaN", [0, Number.NaN], {}],
  ])("refuses %s", (_, values, options) => {
    expect(() => estimateMean(sample(values), { rng, ...options })).toThrow(BadArgument);
  });
});

describe.skipIf(!hasShared)("bootstrap intervals against scipy", () => {
  const data = hasShared ? significance() : undefined;
  const cases = Object.keys(data?.tests ?? {}).flatMap((name) =>
    (["mean_x", "mean_y", "paired_diff"] as const).flatMap((what) =>
      (["percentile", "BCa"] as const).map((kind) => ({ name, what, kind })),
    ),
  );

  it.each(cases)("$name, $what, $kind within what resampling allows", ({ name, what, kind }) => {
    const { x, y } = pairOf(data!, name);
    const values = what === "mean_x" ? x : what === "mean_y" ? y : x.map((value, i) => value - y[i]!);
    const method = kind === "BCa" ? "bootstrap-bca" : "bootstrap-percentile";
    const { low, high } = estimated(sample(values), { method, resamples: 9999, rng: rng.fork(`${name}/${what}`) });
    const reference = data!.tests[name]!.bootstrap_9999_ci95[what][kind] as SeededInterval;
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const se = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0)) / values.length;
    // Error of a 2.5% quantile of B draws: se √(p (1 - p) ÷ B) ÷ φ(z), where φ(1.96) = .05845; twice that for BCa,
    // whose levels are estimated too. Ours is one draw, scipy's the mean of ten.
    const quantileError = (se * Math.sqrt((0.025 * 0.975) / 9999)) / 0.05845;
    const tolerance = 4 * Math.sqrt(1 + 1 / 10) * quantileError * (kind === "BCa" ? 2 : 1);
    expect(Math.abs(low - reference.mean_of_10_seeds[0])).toBeLessThan(tolerance);
    expect(Math.abs(high - reference.mean_of_10_seeds[1])).toBeLessThan(tolerance);
  });
});
