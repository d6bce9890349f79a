import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seeded } from "../core/rng.ts";
import { normalQuantile } from "./normal.ts";
import { standardErrorWith, trialShareInterval, varianceComponents } from "./variance-components.ts";

/** Yields of dyestuff from six batches (Davies and Goldsmith 1972, table 6.3), as lme4 ships them. */
const DYESTUFF = [
  [1545, 1440, 1440, 1520, 1580],
  [1540, 1555, 1490, 1560, 1495],
  [1595, 1550, 1605, 1510, 1560],
  [1445, 1440, 1595, 1465, 1545],
  [1595, 1630, 1515, 1635, 1625],
  [1520, 1455, 1450, 1480, 1445],
];

describe("varianceComponents by hand", () => {
  it("all the spread lies between questions", () => {
    expect(
      varianceComponents([
        [1, 1],
        [0, 0],
        [1, 1],
        [0, 0],
      ]),
    ).toEqual({
      questions: 4,
      trials: 2,
      betweenQuestions: 1 / 3,
      betweenTrials: 0,
      trialShare: 0,
    });
  });

  it("all the spread lies between trials: an estimate below 0 is 0", () => {
    // Means ½ throughout, so MSB = 0; each question has squares ½ around its mean, MSW = 1.5 / 3.
    const found = varianceComponents([
      [1, 0],
      [0, 1],
      [1, 0],
    ]);
    expect(found).toEqual({ questions: 3, trials: 2, betweenQuestions: 0, betweenTrials: 0.5, trialShare: 1 });
  });

  it("both: MSB ½ and MSW 1/6, so (½ − 1/6) / 2 between questions", () => {
    // Means 1, 0 and ½ about ½ give MSB 2 (¼ + ¼ + 0) / 2; only the last question varies: MSW ½ / 3.
    const found = varianceComponents([
      [1, 1],
      [0, 0],
      [1, 0],
    ]);
    expect(found.betweenTrials).toBeCloseTo(1 / 6, 12);
    expect(found.betweenQuestions).toBeCloseTo((1 / 2 - 1 / 6) / 2, 12);
    expect(found.trialShare).toBeCloseTo(1 / 12 / (1 / 12 + 1 / 6), 12);
  });

  it("unequal numbers of trials: n₀ = (N − Σn²/N) / (k − 1)", () => {
    // Sizes 1, 2, 3: n₀ = (6 − 14/6) / 2 = 11/6; means 2, 1, 3 about 13/6.
    const found = varianceComponents([[2], [0, 2], [3, 2, 4]]);
    expect(found.trials).toBeCloseTo(11 / 6, 12);
    expect(found.betweenTrials).toBeCloseTo((2 + 2) / 3, 12);
    const msb = ((2 - 13 / 6) ** 2 + 2 * (1 - 13 / 6) ** 2 + 3 * (3 - 13 / 6) ** 2) / 2;
    expect(found.betweenQuestions).toBeCloseTo((msb - 4 / 3) / (11 / 6), 12);
  });

  it.each([
    [[[1, 2]]],
    [[[1], [2]]],
    [[[1, 2], []]],
    [
      [
        [1, 2],
        [Number.NaN, 1],
      ],
    ],
  ])("refuses %j", (questions) => {
    expect(() => varianceComponents(questions)).toThrow();
  });
});

describe("varianceComponents as lme4 has them", () => {
  it("Dyestuff: batches 1764.05, residual 2451.25, standard error of the mean 19.383", () => {
    const found = varianceComponents(DYESTUFF);
    expect(found.betweenQuestions).toBeCloseTo(1764.05, 2);
    expect(found.betweenTrials).toBeCloseTo(2451.25, 2);
    expect(standardErrorWith(found, 6, 5)).toBeCloseTo(19.383, 3);
  });
});

const table = fc
  .array(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 2, maxLength: 5 }), { minLength: 2, maxLength: 12 })
  .map((rows) => rows.map((row) => row.map(Number)));

describe("relations", () => {
  it("does not depend on order or offset, scales with the square of the unit", () => {
    fc.assert(
      fc.property(table, (rows) => {
        const found = varianceComponents(rows);
        const turned = varianceComponents(rows.map((row) => row.toReversed()).toReversed());
        const moved = varianceComponents(rows.map((row) => row.map((x) => 3 * x + 1e6)));
        expect(turned.trialShare).toBeCloseTo(found.trialShare, 9);
        expect(moved.betweenTrials).toBeCloseTo(9 * found.betweenTrials, 6);
        expect(moved.betweenQuestions).toBeCloseTo(9 * found.betweenQuestions, 6);
        expect(found.trialShare).toBeGreaterThanOrEqual(0);
        expect(found.trialShare).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("the standard error it gives is that of the question means, where no component was cut at 0", () => {
    fc.assert(
      fc.property(table, (rows) => {
        const equal = rows.map((row) => row.slice(0, 2));
        const found = varianceComponents(equal);
        fc.pre(found.betweenQuestions > 0);
        const means = equal.map(([a, b]) => (a! + b!) / 2);
        const mean = means.reduce((x, y) => x + y, 0) / means.length;
        const variance = means.reduce((total, x) => total + (x - mean) ** 2, 0) / (means.length - 1) / means.length;
        expect(standardErrorWith(found, equal.length, 2) ** 2).toBeCloseTo(variance, 9);
      }),
    );
  });

  it("more trials and more questions never widen; infinite trials leave the questions' part", () => {
    const found = varianceComponents(DYESTUFF);
    expect(standardErrorWith(found, 6, 10)).toBeLessThan(standardErrorWith(found, 6, 5));
    expect(standardErrorWith(found, 12, 5)).toBeCloseTo(standardErrorWith(found, 6, 5) / Math.SQRT2, 9);
    expect(standardErrorWith(found, 6, Number.POSITIVE_INFINITY)).toBeCloseTo(Math.sqrt(1764.05 / 6), 3);
  });
});

describe("simulated", () => {
  /** Normal questions (variance 4) with five normal trials (variance 1 each unless said otherwise). */
  const draw = (label: string, questions: number, between: number, within: number) => {
    const rng = seeded(label);
    const normal = () => normalQuantile(Math.min(1 - 1e-9, Math.max(1e-9, rng.float())));
    return Array.from({ length: questions }, () => {
      const own = Math.sqrt(between) * normal();
      return Array.from({ length: 5 }, () => own + Math.sqrt(within) * normal());
    });
  };

  it("the mean of the components over 200 drawings is what was drawn from", () => {
    let [questions, trials] = [0, 0];
    for (let i = 0; i < 200; i += 1) {
      const found = varianceComponents(draw(`anova/${i}`, 40, 4, 1));
      questions += found.betweenQuestions / 200;
      trials += found.betweenTrials / 200;
    }
    expect(Math.abs(questions - 4)).toBeLessThan(0.25);
    expect(Math.abs(trials - 1)).toBeLessThan(0.05);
  });

  it("the interval of the trial share holds the true share about as often as it says", () => {
    // Trial share of a mean of five trials: (4/5) / (1 + 4/5).
    const truth = 0.8 / 1.8;
    let held = 0;
    for (let i = 0; i < 200; i += 1) {
      const rng = seeded(`share/${i}`);
      const { low, high } = trialShareInterval(draw(`cover/${i}`, 60, 1, 4), { resamples: 199, level: 0.9, rng });
      if (low <= truth && truth <= high) held += 1;
    }
    expect(held / 200).toBeGreaterThan(0.82);
    expect(held / 200).toBeLessThan(0.97);
  });

  it("the same seed gives the same interval, which holds the estimate", () => {
    const rows = draw("again", 30, 1, 1);
    const first = trialShareInterval(rows, { rng: seeded("s") });
    expect(trialShareInterval(rows, { rng: seeded("s") })).toEqual(first);
    const { trialShare } = varianceComponents(rows);
    expect(first.low).toBeLessThanOrEqual(trialShare);
    expect(first.high).toBeGreaterThanOrEqual(trialShare);
  });
});
