import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BadArgument } from "../core/errors.ts";
import { seeded } from "../core/rng.ts";
import { detectableDifference } from "./detectable-difference.ts";
import { normalQuantile } from "./normal.ts";
import { detectableWith, queriesNeeded } from "./queries-needed.ts";
import { tInterval } from "./t-interval.ts";

/** Values with mean 0 and standard deviation exactly 1. */
const unit = [-1, 1, -1, 1, -1, 1, -1, 1].map((x) => x * Math.sqrt(7 / 8));

describe("queriesNeeded", () => {
  it.each([
    // effect in standard deviations, n: statsmodels TTestPower gives 33.4, 198.2, 9.9 and 787
    [0.5, 34],
    [0.2, 199],
    [1, 10],
    [0.1, 787],
  ])("for an effect of %d standard deviations: %d", (effect, queries) => {
    expect(queriesNeeded({ differences: unit, effect })).toEqual({ state: "known", queries });
  });

  it("of [-1, 1, -1, 1] for an effect of .5, as its documentation says: 44", () => {
    expect(queriesNeeded({ differences: [-1, 1, -1, 1], effect: 0.5 })).toEqual({ state: "known", queries: 44 });
  });

  it("is the smallest number whose detectable difference is the effect", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 3, noNaN: true }), (effect) => {
        const needed = queriesNeeded({ differences: unit, effect });
        if (needed.state !== "known") throw new Error(needed.reason);
        const detectable = (n: number) => detectableDifference({ standardDeviation: 1, n });
        expect(detectable(needed.queries)).toBeLessThanOrEqual(effect * (1 + 1e-9));
        if (needed.queries > 2) expect(detectable(needed.queries - 1)).toBeGreaterThan(effect * (1 - 1e-9));
      }),
      { numRuns: 25 },
    );
  });

  it("gives the power it promises: 80% of simulated runs of that size tell the effect", () => {
    const rng = seeded("power");
    const gauss = () => normalQuantile((rng.uint32() + 0.5) / 2 ** 32);
    const runs = 500;
    let told = 0;
    for (let run = 0; run < runs; run++) {
      const differences = Float64Array.from({ length: 34 }, () => 0.5 + gauss());
      if (tInterval(differences, 0.95).low > 0) told++;
    }
    // 4 standard errors of a share of .8 in 500 runs.
    expect(Math.abs(told / runs - 0.8)).toBeLessThan(4 * Math.sqrt((0.8 * 0.2) / runs) + 0.01);
  });

  it("counts whole clusters where answers depend on each other", () => {
    const differences = unit.flatMap((x) => [x, x, x]);
    const clusters = unit.flatMap((_, i) => [i, i, i]);
    expect(queriesNeeded({ differences, clusters, effect: 0.5 })).toEqual({
      state: "known",
      queries: 102,
      clusters: 34,
    });
  });

  it.each([
    ["no differences", [], undefined, "fewer than two queries"],
    ["one difference", [0.1], undefined, "fewer than two queries"],
    ["one cluster", [0.1, 0.2], [4, 4], "fewer than two clusters"],
    ["equal differences", [0.1, 0.1, 0.1], undefined, "all differences are equal: they show no spread"],
  ])("does not guess from %s", (_, differences, clusters, reason) => {
    expect(queriesNeeded({ differences, clusters, effect: 0.1 })).toEqual({ state: "unknown", reason });
  });

  it.each([0, -0.1, Number.NaN])("refuses an effect of %d", (effect) => {
    expect(() => queriesNeeded({ differences: unit, effect })).toThrow(BadArgument);
  });
});

describe("detectableWith", () => {
  it("is what queriesNeeded asks for, turned round", () => {
    const differences = Array.from({ length: 40 }, (_, i) => Math.sin(i) / 3);
    for (const clusters of [undefined, differences.map((_, i) => i >> 1)]) {
      for (const effect of [0.02, 0.05, 0.2]) {
        const needed = queriesNeeded({ differences, effect, ...(clusters && { clusters }) });
        if (needed.state !== "known") throw new Error(needed.reason);
        const at = (queries: number) => {
          const found = detectableWith({ differences, queries, ...(clusters && { clusters }) });
          return found.state === "known" ? found.difference : Number.POSITIVE_INFINITY;
        };
        expect(at(needed.queries)).toBeLessThanOrEqual(effect);
        expect(at(needed.queries - 1)).toBeGreaterThan(effect);
      }
    }
  });

  it("at the size seen is the detectable difference of its standard deviation", () => {
    const found = detectableWith({ differences: [-1, 1, -1, 1, -1, 1], queries: 6 });
    expect(found).toEqual({
      state: "known",
      difference: detectableDifference({ standardDeviation: Math.sqrt(6 / 5), n: 6 }),
    });
  });

  it("is unknown where nothing varies, or with too few", () => {
    expect(detectableWith({ differences: [0, 0], queries: 9 })).toMatchObject({ state: "unknown" });
    expect(detectableWith({ differences: [1, 2, 3, 5], clusters: [0, 0, 1, 1], queries: 3 })).toEqual({
      state: "unknown",
      reason: "fewer than two clusters",
    });
    expect(() => detectableWith({ differences: [1, 2], queries: 0 })).toThrow(/queries/);
  });
});
