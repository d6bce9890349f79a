import { describe, expect, it } from "vitest";
import { BadArgument } from "../../core/errors.ts";
import { type Rng, seeded } from "../../core/rng.ts";
import { type Coefficient, differenceOf } from "./coefficient.ts";
import { type CoefficientInterval, coefficientIntervals } from "./coefficient-interval.ts";
import { cohenKappa, kappaOf } from "./cohen-kappa.ts";
import { gwetAc } from "./gwet-ac.ts";
import { krippendorffAlpha } from "./krippendorff-alpha.ts";
import { spearman } from "./spearman.ts";
import { selectRaters, type Tally, tallyGrades } from "./tally.ts";

const SCALE = [0, 1, 2, 3];
const STATISTICS: Record<string, (tally: Tally) => Coefficient> = {
  kappa: (t) => kappaOf(t),
  quadratic: (t) => kappaOf(t, "quadratic"),
  alpha: (t) => krippendorffAlpha(t, "ordinal"),
  ac1: (t) => gwetAc(t),
  rho: spearman,
};

/** Grades by people and a judge who often agrees; with `alike` > 0, items of one question share truth and the judge's luck. */
function simulate(rng: Rng, questions: number, perQuestion: number, alike: number) {
  const people: number[] = [];
  const judge: number[] = [];
  const clusters: number[] = [];
  for (let q = 0; q < questions; q++) {
    const shared = rng.below(4);
    const luck = rng.float();
    for (let i = 0; i < perQuestion; i++) {
      const truth = rng.float() < alike ? shared : rng.below(4);
      const right = rng.float() < 0.6 + (alike === 0 ? 0 : 0.5 * (luck - 0.5));
      people.push(truth);
      judge.push(right ? truth : Math.min(3, Math.max(0, truth + rng.below(4) - 1)));
      clusters.push(q);
    }
  }
  return { people, judge, clusters };
}

function bounds(interval: CoefficientInterval): { low: number; high: number } {
  if (interval.state !== "estimated") throw new Error(interval.reason);
  return interval;
}

function coverage(questions: number, perQuestion: number, alike: number, repetitions: number): Record<string, number> {
  const big = simulate(seeded("truth"), 200_000 / perQuestion, perQuestion, alike);
  const truth = tallyGrades([big.people, big.judge], SCALE);
  const names = Object.keys(STATISTICS);
  const hits = new Map(names.map((name) => [name, 0]));
  const intervals = new Map(names.map((name) => [name, 0]));
  for (let r = 0; r < repetitions; r++) {
    const { people, judge, clusters } = simulate(seeded(`sample/${r}`), questions, perQuestion, alike);
    const found = coefficientIntervals(tallyGrades([people, judge], SCALE), Object.values(STATISTICS), {
      resamples: 300,
      clusters: perQuestion === 1 ? undefined : clusters,
      rng: seeded(`resample/${r}`),
    });
    names.forEach((name, s) => {
      const { interval } = found[s]!;
      // Of 30 answers all may be within one step of each other: then there is no interval to cover anything.
      if (interval.state !== "estimated") return;
      intervals.set(name, intervals.get(name)! + 1);
      const { low, high } = interval;
      const value = (STATISTICS[name]!(truth) as { value: number }).value;
      if (low <= value && value <= high) hits.set(name, hits.get(name)! + 1);
    });
  }
  for (const [name, count] of intervals) expect(count / repetitions, name).toBeGreaterThan(0.98);
  return Object.fromEntries(names.map((name) => [name, hits.get(name)! / intervals.get(name)!]));
}

describe("coefficientIntervals", () => {
  const slow = process.env.PLUMBLINE_SLOW === "1";
  it.each([
    [100, 1, 0],
    [30, 1, 0],
    [25, 20, 0.5],
    ...(slow
      ? [
          [300, 1, 0],
          [80, 5, 0.5],
          [1000, 1, 0],
        ]
      : []),
  ] as [number, number, number][])(
    "covers the truth of %d questions with %d items each at about its level",
    (questions, perQuestion, alike) => {
      const repetitions = slow ? 1000 : 200;
      const found = coverage(questions, perQuestion, alike, repetitions);
      if (process.env.SHOW_COVERAGE) console.log(questions, perQuestion, alike, found);
      // Standard error of a share of 200: 1.5 points.
      for (const [name, share] of Object.entries(found)) {
        expect(share, name).toBeGreaterThan(0.91);
        expect(share, name).toBeLessThan(0.99);
      }
    },
  );

  it("is wider when questions are drawn whole, where items of a question are alike", () => {
    const { people, judge, clusters } = simulate(seeded(1), 100, 10, 0.9);
    const tally = tallyGrades([people, judge], SCALE);
    const width = (given?: number[]) => {
      const [found] = coefficientIntervals(tally, [STATISTICS.kappa!], { clusters: given, rng: seeded(2) });
      const { low, high } = bounds(found!.interval);
      return high - low;
    };
    expect(width(clusters)).toBeGreaterThan(1.15 * width());
  });

  it.each([2000, 20_000])("comes near the analytic interval of κ for %d independent items", (items) => {
    const { people, judge } = simulate(seeded(3), items, 1, 0);
    const tally = tallyGrades([people, judge], SCALE);
    const kappa = cohenKappa(tally) as { value: number; standardError: number };
    const [found] = coefficientIntervals(tally, [STATISTICS.kappa!], { resamples: 4000, rng: seeded(4) });
    const { low, high } = bounds(found!.interval);
    expect((high - low) / (2 * 1.96 * kappa.standardError)).toBeCloseTo(1, 1);
    expect((high + low) / 2).toBeCloseTo(kappa.value, 2);
  });

  it("gives the same figures for the same seed and others for another", () => {
    const { people, judge } = simulate(seeded(5), 100, 1, 0);
    const run = (seed: number) =>
      coefficientIntervals(tallyGrades([people, judge]), [STATISTICS.alpha!], { rng: seeded(seed) });
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  it("does not depend on the names or the order of the questions beyond chance, and jackknifes few of them exactly", () => {
    const { people, judge, clusters } = simulate(seeded(6), 20, 10, 0.5);
    const run = (names: number[]) =>
      coefficientIntervals(tallyGrades([people, judge]), [STATISTICS.kappa!], { clusters: names, rng: seeded(0) })[0]!;
    const found = run(clusters);
    expect(found.interval).toMatchObject({ method: "jackknife-t-clustered", units: 20, level: 0.95 });
    expect(bounds(run(clusters.map((q) => 1000 - 7 * q)).interval).low).toBeCloseTo(bounds(found.interval).low, 12);
  });

  it("pairs two judges on the same resamples: their difference is told more sharply than two intervals tell it", () => {
    const { people, judge } = simulate(seeded(7), 400, 1, 0);
    const rng = seeded(8);
    const other = judge.map((grade) => (rng.float() < 0.1 ? rng.below(4) : grade));
    const tally = tallyGrades([people, judge, other], SCALE);
    const kappa = (rater: number) => (t: Tally) => kappaOf(selectRaters(t, [0, rater]));
    const [a, b, difference] = coefficientIntervals(
      tally,
      [kappa(1), kappa(2), (t) => differenceOf(kappa(1)(t), kappa(2)(t))],
      { rng: seeded(9) },
    );
    expect(bounds(difference!.interval).low).toBeGreaterThan(0);
    expect(bounds(b!.interval).high).toBeGreaterThan(bounds(a!.interval).low);
  });

  it.each([
    [
      "one grade everywhere",
      [
        [1, 1, 1],
        [1, 1, 1],
      ],
      undefined,
      /same grade/,
    ],
    ["full agreement", [SCALE, SCALE], undefined, /no spread/],
    ["one item", [[1], [2]], undefined, /single item/],
    [
      "one question",
      [
        [0, 1, 2],
        [0, 2, 2],
      ],
      [7, 7, 7],
      /one question/,
    ],
    [
      "a second grade on one item only",
      [
        [...Array(60).fill(0), 1],
        [...Array(60).fill(0), 1],
      ],
      undefined,
      /too few/,
    ],
  ] as [string, number[][], number[] | undefined, RegExp][])(
    "gives no interval to %s",
    (_, columns, clusters, reason) => {
      const [found] = coefficientIntervals(tallyGrades(columns), [STATISTICS.kappa!], { clusters, rng: seeded(0) });
      expect(found!.interval.state).toBe("not-estimable");
      expect((found!.interval as { reason: string }).reason).toMatch(reason);
    },
  );

  it("counts the items that two raters graded, however many have one grade", () => {
    const { people, judge } = simulate(seeded(11), 30, 1, 0);
    const many = [...people, ...Array<undefined>(500).fill(undefined)];
    const graded = [...judge, ...Array.from({ length: 500 }, (_, i) => i % 4)];
    const run = (columns: (number | undefined)[][]) =>
      coefficientIntervals(tallyGrades(columns, SCALE), [STATISTICS.kappa!], { rng: seeded(0) })[0]!.interval;
    const [few, among] = [run([people, judge]), run([many, graded])];
    expect(among).toMatchObject({ method: "jackknife-t", units: 30 });
    expect(Math.abs(bounds(among).low - bounds(few).low)).toBeLessThan(0.02);
    expect(Math.abs(bounds(among).high - bounds(few).high)).toBeLessThan(0.02);
  });

  it("keeps within the range of the coefficient", () => {
    const people = Array.from({ length: 20 }, (_, i) => i % 4);
    const judge = people.map((grade, i) => (i === 3 ? 0 : grade));
    const [found] = coefficientIntervals(tallyGrades([people, judge]), [STATISTICS.kappa!], { rng: seeded(0) });
    expect(bounds(found!.interval).high).toBe(1);
  });

  it.each([{ level: 1 }, { level: Number.NaN }, { resamples: 10 }, { range: [1, 1] as const }, { clusters: [1] }])(
    "refuses %o",
    (options) => {
      const tally = tallyGrades([
        [0, 1],
        [1, 0],
      ]);
      expect(() => coefficientIntervals(tally, [STATISTICS.kappa!], { rng: seeded(0), ...options })).toThrow(
        BadArgument,
      );
    },
  );
});
