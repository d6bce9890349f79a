import { describe, expect, it } from "vitest";
import { seeded } from "../core/rng.ts";
import { estimateMean, type IntervalMethod } from "./estimate-mean.ts";
import { logGamma } from "./incomplete-beta.ts";
import { pairedRandomization } from "./paired-randomization.ts";
import { draw, gauss, POPULATIONS, trueMean } from "./testing/populations.ts";
import { wilson } from "./wilson.ts";

/*
 * Does a 95% interval hold the truth 95 times in 100? Simulated with fixed seeds on populations shaped like metrics. A
 * share of `RUNS` runs is compared at 4 of its standard errors, so a bound says what the interval really does.
 */
const RUNS = 400;
const slack = (share: number, runs = RUNS) => 4 * Math.sqrt((share * (1 - share)) / runs);

interface Setting {
  readonly method: IntervalMethod;
  readonly clustered?: boolean;
  readonly proportion?: boolean;
  /** Draw clusters, but hide them from the interval. */
  readonly ignoreClusters?: boolean;
}

function coverage(name: keyof typeof POPULATIONS, n: number, setting: Setting): number {
  const truth = name === "normal" || name === "differences" ? 0 : trueMean(POPULATIONS[name]);
  const rng = seeded(`coverage/${name}/${n}`);
  let held = 0;
  for (let run = 0; run < RUNS; run++) {
    const { values, clusters } = draw(POPULATIONS[name], n, rng, setting.clustered);
    const estimate = estimateMean(
      { values, failed: 0, unscored: 0, clusters: setting.ignoreClusters ? undefined : clusters },
      {
        method: setting.method,
        proportion: setting.proportion,
        range: name === "normal" ? undefined : [-1, 1],
        resamples: 399,
        rng: rng.fork(String(run)),
      },
    );
    if (estimate.state === "estimated" && estimate.low <= truth && truth <= estimate.high) held++;
  }
  return held / RUNS;
}

describe("coverage of 95% intervals", () => {
  it.each([
    ["normal", 5, "t"],
    ["normal", 50, "t"],
    ["f1", 10, "t"],
    ["f1", 20, "bootstrap-bca"],
    ["f1", 100, "bootstrap-percentile"],
    ["ceiling", 100, "bootstrap-bca"],
    ["differences", 10, "t"],
    ["differences", 100, "bootstrap-percentile"],
    ["f1", 30, "auto"],
    ["ceiling", 60, "auto"],
  ] as const)("%s, n = %d: %s holds its level", (name, n, method) => {
    expect(coverage(name, n, { method })).toBeGreaterThan(0.95 - slack(0.95));
  });

  it("near the ceiling BCa leaves out the truth less often than t", () => {
    expect(coverage("ceiling", 50, { method: "bootstrap-bca" })).toBeGreaterThan(
      coverage("ceiling", 50, { method: "t" }) + 0.01,
    );
  });

  it("on ten differences the bootstrap is far too narrow, which is why auto takes t", () => {
    expect(coverage("differences", 10, { method: "bootstrap-percentile" })).toBeLessThan(0.92);
    expect(coverage("differences", 10, { method: "bootstrap-bca" })).toBeLessThan(0.88);
  });
});

describe("coverage with clusters", () => {
  it.each([
    ["clusteredF1", 10, "t", false],
    ["clusteredF1", 40, "auto", false],
    ["clusteredRight", 10, "wilson", true],
    ["clusteredRight", 40, "wilson", true],
    ["clusteredMostlyRight", 10, "wilson", true],
    ["clusteredMostlyRight", 40, "wilson", true],
  ] as const)("%s, %d clusters: %s holds its level", (name, n, method, proportion) => {
    expect(coverage(name, n, { method, proportion, clustered: true })).toBeGreaterThan(0.95 - slack(0.95));
  });

  it("intervals that ignore the clusters are far too narrow", () => {
    const ignoring = { clustered: true, ignoreClusters: true } as const;
    expect(coverage("clusteredF1", 40, { method: "t", ...ignoring })).toBeLessThan(0.88);
    expect(coverage("clusteredRight", 40, { method: "wilson", proportion: true, ...ignoring })).toBeLessThan(0.85);
  });
});

describe("coverage of Wilson's interval, exactly, by summing the binomial distribution", () => {
  const binomial = (k: number, n: number, p: number) =>
    Math.exp(logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) + k * Math.log(p) + (n - k) * Math.log1p(-p));
  const exact = (n: number, p: number) => {
    let held = 0;
    for (let k = 0; k <= n; k++) {
      const { low, high } = wilson(k, n, 0.95);
      if (low <= p && p <= high) held += binomial(k, n, p);
    }
    return held;
  };

  it.each([5, 10, 20, 60, 200])("n = %d: 95%% on average over all proportions, never below 83%%", (n) => {
    const grid = Array.from({ length: 199 }, (_, i) => exact(n, (i + 1) / 200));
    expect(grid.reduce((a, b) => a + b, 0) / grid.length).toBeGreaterThan(0.947);
    expect(grid.reduce((a, b) => a + b, 0) / grid.length).toBeLessThan(0.965);
    expect(Math.min(...grid)).toBeGreaterThan(0.83);
  });

  it("near 0 and 1 it still holds the proportion, where p ± 1.96 standard errors would be one point", () => {
    for (const p of [0.005, 0.995]) expect(exact(60, p)).toBeGreaterThan(0.95);
  });
});

describe("size of the paired randomization test where systems are equal", () => {
  const rejected = (p: readonly number[], alpha: number) => p.filter((x) => x <= alpha).length / p.length;

  it.each([8, 16, 17, 60])("n = %d: p <= alpha at most alpha of the time", (n) => {
    const rng = seeded(`size/${n}`);
    const p = Array.from({ length: RUNS }, (_, run) => {
      const { values } = draw(POPULATIONS.differences, n, rng);
      return pairedRandomization(values, { draws: 999, rng: rng.fork(String(run)) }).p;
    });
    for (const alpha of [0.01, 0.05, 0.2, 0.5]) {
      expect(rejected(p, alpha), `alpha ${alpha}`).toBeLessThan(alpha + slack(alpha));
    }
    // And it is not idle: at n = 60 sums seldom tie, so the size is close to alpha from below too.
    if (n === 60) expect(rejected(p, 0.2)).toBeGreaterThan(0.2 - slack(0.2));
  });

  it("flipping whole clusters keeps the size where flipping single queries does not", () => {
    const rng = seeded("size/clusters");
    const alone: number[] = [];
    const together: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const { values, clusters } = draw((r, effect) => effect + gauss(r), 20, rng, true);
      alone.push(pairedRandomization(values, { draws: 999, rng: rng.fork(`alone/${run}`) }).p);
      together.push(pairedRandomization(values, { draws: 999, clusters, rng: rng.fork(`together/${run}`) }).p);
    }
    expect(rejected(together, 0.05)).toBeLessThan(0.05 + slack(0.05));
    expect(rejected(alone, 0.05)).toBeGreaterThan(0.2);
  });
});
