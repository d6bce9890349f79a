import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BadArgument } from "../../core/errors.ts";
import type { Estimated } from "../../core/estimate.ts";
import { seeded } from "../../core/rng.ts";
import { hasShared, shared } from "../../lib/testing/shared.ts";
import { llmjudgeColumns } from "../agreement/testing/agreement-reference.ts";
import { tInterval } from "../t-interval.ts";
import { predictionPoweredMean, standardErrorAt } from "./prediction-powered-mean.ts";
import { drawGraded, type GradedPopulation, POPULATIONS, splitSample } from "./testing/graded-populations.ts";

const estimated = (estimate: unknown) => estimate as Estimated;

describe.skipIf(!hasShared)("predictionPoweredMean equals ppi_py to 1e-9", () => {
  const { values } = hasShared ? JSON.parse(readFileSync(shared("reference/ppi.json"), "utf8")) : { values: {} };
  const indices = Object.entries(values).find(([name]) => name.startsWith("labelled_indices"))?.[1] as number[];
  const targets = {
    mean_grade: (grade: number) => grade,
    prevalence_ge2: (grade: number) => (grade >= 2 ? 1 : 0),
  };

  it.each(
    ["h2oloo-fewself", "RMITIR-llama70B", "willia-umbrela1"].flatMap((judge) =>
      (Object.keys(targets) as (keyof typeof targets)[]).map((target) => [judge, target] as const),
    ),
  )("on 442 labels of llmjudge-2024 with %s, %s", (judge, target) => {
    const expected = values[judge][target];
    const [people, grades] = llmjudgeColumns("llmjudge_test_qrel_idx.txt", `scores/${judge}.txt`).map((column) =>
      column.map(targets[target]),
    );
    const sample = splitSample(people!, grades!, indices);
    expect(sample.unlabelled.judge).toHaveLength(expected.N);
    for (const [name, lambda] of [
      ["ppi_lambda_1", 1],
      ["ppi_lambda_0", 0],
      ["ppi_lambda_0.5", 0.5],
      ["ppi_plus_plus (lam=None)", "tuned"],
      ["classical", 0],
    ] as const) {
      for (const level of [0.95, 0.9]) {
        const found = predictionPoweredMean(sample, { lambda, level });
        const [low, high] = expected[name][`ci_${Math.round(100 * level)}`];
        expect(estimated(found.corrected).mean).toBeCloseTo(expected[name].point, 9);
        expect(estimated(found.corrected).low).toBeCloseTo(low, 9);
        expect(estimated(found.corrected).high).toBeCloseTo(high, 9);
        expect(estimated(found.labelsAlone).low).toBeCloseTo(expected.classical[`ci_${Math.round(100 * level)}`][0], 9);
        expect(found.judgeMean).toBeCloseTo(expected.judge_mean_all, 9);
      }
    }
    const tuned = predictionPoweredMean(sample);
    expect(tuned.lambda).toBeCloseTo(expected["lambda_hat_from_ppi_py (linear in lambda)"], 9);
    expect(tuned.width).toBe("narrower");
    // Trusting these judges fully is no better than not asking them, and it says so.
    const trusting = predictionPoweredMean(sample, { lambda: 1 });
    const width = ([low, high]: [number, number]) => high - low;
    const [full, alone] = [width(expected.ppi_lambda_1.ci_95), width(expected.classical.ci_95)];
    expect(trusting.width).toBe(full > 1.001 * alone ? "wider" : "narrower");
    expect(trusting.effectiveLabels).toBeCloseTo(442 * (alone / full) ** 2, 6);
  });

  it("covers the mean of all 4,423 grades from 100 labels as often as ppi_py does", () => {
    const [people, grades] = llmjudgeColumns("llmjudge_test_qrel_idx.txt", "scores/h2oloo-fewself.txt");
    const truth = people!.reduce((a, b) => a + b) / people!.length;
    const rng = seeded("splits");
    let hits = 0;
    for (let r = 0; r < 300; r++) {
      const chosen = new Set<number>();
      while (chosen.size < 100) chosen.add(rng.below(people!.length));
      const { low, high } = estimated(predictionPoweredMean(splitSample(people!, grades!, [...chosen])).corrected);
      if (low <= truth && truth <= high) hits += 1;
    }
    // ppi_py: .946 of 1,000 splits; the standard error of a share of 300 is 1.3 points.
    expect(hits / 300).toBeGreaterThan(0.91);
    expect(hits / 300).toBeLessThan(0.985);
  });
});

describe("coverage of the 95% interval with 100 labels, 1,000 repetitions", () => {
  it.each(Object.keys(POPULATIONS) as (keyof typeof POPULATIONS)[])(
    "%s: between .935 and .965, and the raw judge mean far below",
    (name) => {
      const { corrected, judge, alone } = coverage(POPULATIONS[name], name);
      if (process.env.SHOW_COVERAGE) console.log(name, { corrected, judge, alone });
      expect(corrected).toBeGreaterThanOrEqual(0.935);
      expect(corrected).toBeLessThanOrEqual(0.965);
      expect(judge).toBeLessThan(0.5);
    },
  );

  it("needs the clusters where answers to one question are alike: without them it falls short", () => {
    const run = (clustered: boolean) => {
      let hits = 0;
      for (let r = 0; r < 250; r++) {
        const rng = seeded(`clustered/${r}`);
        const [people, judge, clusters]: number[][] = [[], [], []];
        for (let q = 0; q < 150; q++) {
          const easy = rng.float();
          for (let i = 0; i < 8; i++) {
            const right = rng.float() < easy ? 1 : 0;
            people!.push(right);
            judge!.push(rng.float() < 0.8 ? right : 1);
            clusters!.push(q);
          }
        }
        // Whole questions are labelled: the first 50.
        const labelled = Array.from({ length: 400 }, (_, i) => i);
        const sample = splitSample(people!, judge!, labelled, clustered ? clusters : undefined);
        const { low, high } = estimated(predictionPoweredMean(sample).corrected);
        if (low <= 0.5 && 0.5 <= high) hits += 1;
      }
      return hits / 250;
    };
    expect(run(false)).toBeLessThan(0.85);
    const clustered = run(true);
    expect(clustered).toBeGreaterThan(0.91);
    expect(clustered).toBeLessThan(0.985);
  });
});

/** How often intervals hold the truth: the corrected mean's, the raw judge mean's, and that of the labels alone. */
function coverage(population: GradedPopulation, name: string) {
  const hits = { corrected: 0, judge: 0, alone: 0 };
  for (let r = 0; r < 1000; r++) {
    const sample = drawGraded(population, 100, 900, seeded(`${name}/${r}`));
    const { corrected, labelsAlone } = predictionPoweredMean(sample);
    const raw = tInterval([...Array.from(sample.labelled.judge), ...Array.from(sample.unlabelled.judge)], 0.95);
    const holds = ({ low, high }: { low: number; high: number }) => low <= population.mean && population.mean <= high;
    if (holds(estimated(corrected))) hits.corrected += 1;
    if (holds(raw)) hits.judge += 1;
    if (holds(estimated(labelsAlone))) hits.alone += 1;
  }
  return { corrected: hits.corrected / 1000, judge: hits.judge / 1000, alone: hits.alone / 1000 };
}

const grade = fc.integer({ min: 0, max: 3 });
const samples = fc
  .record({
    labelled: fc.array(fc.tuple(grade, grade), { minLength: 2, maxLength: 30 }),
    unlabelled: fc.array(grade, { minLength: 1, maxLength: 50 }),
  })
  .map(({ labelled, unlabelled }) => ({
    labelled: { people: labelled.map(([x]) => x), judge: labelled.map(([, y]) => y) },
    unlabelled: { judge: unlabelled },
  }));

describe("predictionPoweredMean", () => {
  it("is worked by hand", () => {
    // Labelled: people mean 2, judge mean 1.5, unlabelled judge mean 1. λ = 1: 1 + (2 - 1.5) = 1.5.
    const sample = { labelled: { people: [1, 3, 2, 2], judge: [1, 2, 2, 1] }, unlabelled: { judge: [0, 1, 2, 1] } };
    const found = predictionPoweredMean(sample, { lambda: 1 });
    expect(estimated(found.corrected).mean).toBeCloseTo(1.5, 12);
    // Residuals 0, 1, 0, 1: variance .25 of 4; unlabelled: .5 of 4.
    expect(estimated(found.corrected).high).toBeCloseTo(1.5 + 1.959963984540054 * Math.sqrt(0.25 / 4 + 0.5 / 4), 12);
    expect(estimated(found.labelsAlone).mean).toBe(2);
    expect(found.judgeMean).toBe(1.25);
    // cov .25; variance of all eight grades 3.5 / 7; (1 + 4 / 4) × .5 = 1.
    expect(predictionPoweredMean(sample).lambda).toBeCloseTo(0.25, 12);
  });

  it("shifts with people, scales with both, and a constant added to the judge changes nothing", () => {
    fc.assert(
      fc.property(samples, (sample) => {
        const base = predictionPoweredMean(sample);
        const moved = predictionPoweredMean({
          labelled: {
            people: sample.labelled.people.map((x) => 2 * x + 5),
            judge: sample.labelled.judge.map((x) => 2 * x - 7),
          },
          unlabelled: { judge: sample.unlabelled.judge.map((x) => 2 * x - 7) },
        });
        expect(moved.corrected.state).toBe(base.corrected.state);
        expect(moved.lambda).toBeCloseTo(base.lambda, 9);
        if (base.corrected.state === "estimated") {
          expect(estimated(moved.corrected).mean).toBeCloseTo(2 * base.corrected.mean + 5, 9);
          expect(estimated(moved.corrected).low).toBeCloseTo(2 * base.corrected.low + 5, 9);
        }
      }),
    );
  });

  it("keeps λ in [0, 1], and a judge that people's labels contradict is not asked", () => {
    fc.assert(
      fc.property(samples, (sample) => {
        const { lambda } = predictionPoweredMean(sample);
        expect(lambda).toBeGreaterThanOrEqual(0);
        expect(lambda).toBeLessThanOrEqual(1);
      }),
    );
    const contrary = predictionPoweredMean({
      labelled: { people: [0, 1, 2, 3], judge: [3, 2, 1, 0] },
      unlabelled: { judge: [0, 3, 3] },
    });
    expect(contrary).toMatchObject({ lambda: 0, width: "same", effectiveLabels: 4 });
    expect(contrary.corrected).toEqual(contrary.labelsAlone);
  });

  it("has the error of single answers where every answer is its own question, but for the factor n ÷ (n - 1)", () => {
    fc.assert(
      fc.property(samples, (sample) => {
        const n = sample.labelled.people.length;
        const clusters = sample.labelled.people.map((_, i) => i);
        const others = sample.unlabelled.judge.map((_, i) => n + i);
        const clustered = {
          labelled: { ...sample.labelled, clusters },
          unlabelled: { ...sample.unlabelled, clusters: others },
        };
        const units = n + others.length;
        expect(standardErrorAt(clustered, 0.7)).toBeCloseTo(
          standardErrorAt(sample, 0.7) * Math.sqrt(units / (units - 1)),
          9,
        );
      }),
    );
  });

  it("stays within the scale's range", () => {
    const sample = { labelled: { people: [1, 1, 1, 0], judge: [0, 1, 0, 0] }, unlabelled: { judge: [1, 1, 1] } };
    expect(estimated(predictionPoweredMean(sample, { lambda: 1, range: [0, 1] }).corrected)).toMatchObject({
      mean: 1,
      high: 1,
    });
  });

  it.each([
    ["no label", { labelled: { people: [], judge: [] }, unlabelled: { judge: [1, 2] } }, /no labelled/],
    ["one label", { labelled: { people: [1], judge: [1] }, unlabelled: { judge: [1, 2] } }, /single label/],
    [
      "labels all equal",
      { labelled: { people: [2, 2, 2], judge: [1, 2, 3] }, unlabelled: { judge: [1, 2] } },
      /all labels are equal/,
    ],
    [
      "labels of one question",
      { labelled: { people: [1, 2], judge: [1, 2], clusters: [1, 1] }, unlabelled: { judge: [1], clusters: [2] } },
      /one question/,
    ],
  ])("has no estimate with %s", (_, sample, reason) => {
    const { corrected, width } = predictionPoweredMean(sample);
    expect(corrected).toMatchObject({ state: "not-estimable", reason: expect.stringMatching(reason) });
    expect(width).toBe("unknown");
  });

  it("is the labels alone where nothing is unlabelled", () => {
    const found = predictionPoweredMean(
      { labelled: { people: [0, 1, 1], judge: [1, 1, 0] }, unlabelled: { judge: [] } },
      { lambda: 1 },
    );
    expect(found).toMatchObject({ lambda: 0, width: "same" });
    expect(found.corrected).toEqual(found.labelsAlone);
  });

  const good = { labelled: { people: [1, 0], judge: [1, 1] }, unlabelled: { judge: [1, 0] } };
  it.each([
    ["lengths that differ", { ...good, labelled: { people: [1], judge: [1, 2] } }, {}],
    ["NaN", { ...good, unlabelled: { judge: [Number.NaN] } }, {}],
    ["clusters on one side", { ...good, unlabelled: { judge: [1], clusters: [1] } }, {}],
    [
      "clusters of another length",
      { ...good, labelled: { ...good.labelled, clusters: [1] }, unlabelled: { judge: [1], clusters: [1] } },
      {},
    ],
    ["λ above 1", good, { lambda: 1.5 }],
    ["a level of 1", good, { level: 1 }],
  ])("refuses %s", (_, sample, options) => {
    expect(() => predictionPoweredMean(sample, options)).toThrow(BadArgument);
  });
});
