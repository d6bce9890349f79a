import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BadArgument } from "../../core/errors.ts";
import type { Estimated } from "../../core/estimate.ts";
import { seeded } from "../../core/rng.ts";
import { hasShared, shared } from "../../lib/testing/shared.ts";
import { llmjudgeColumns } from "../agreement/testing/agreement-reference.ts";
import { tInterval } from "../t-interval.ts";
import { roganGladen } from "./rogan-gladen.ts";
import { drawGraded, POPULATIONS, splitSample } from "./testing/graded-populations.ts";

const estimated = (estimate: unknown) => estimate as Estimated;

describe.skipIf(!hasShared)("roganGladen equals the reference", () => {
  const { values } = hasShared ? JSON.parse(readFileSync(shared("reference/ppi.json"), "utf8")) : { values: {} };
  const indices = Object.entries(values).find(([name]) => name.startsWith("labelled_indices"))?.[1] as number[];

  it.each(["h2oloo-fewself", "RMITIR-llama70B", "willia-umbrela1"])(
    "on 442 labels, %s: to 1e-9, interval within resampling error",
    (judge) => {
      const expected = values[judge].prevalence_ge2.rogan_gladen;
      const [people, grades] = llmjudgeColumns("llmjudge_test_qrel_idx.txt", `scores/${judge}.txt`).map((column) =>
        column.map((grade) => (grade >= 2 ? 1 : 0)),
      );
      const found = roganGladen(splitSample(people!, grades!, indices), { resamples: 5000, rng: seeded(judge) });
      expect(found.sensitivity).toBeCloseTo(expected.se, 9);
      expect(found.specificity).toBeCloseTo(expected.sp, 9);
      expect(found.judgeRate).toBeCloseTo(expected.q, 9);
      expect(found.standardError).toBeCloseTo(expected.se_delta, 9);
      const { mean, low, high } = estimated(found.corrected);
      expect(mean).toBeCloseTo(expected.p, 9);
      const key = Object.keys(expected).find((name) => name.startsWith("ci95_bootstrap_both_parts"))!;
      // The standard error of a bootstrap end is about a thirtieth of the interval's half at 5,000 resamples.
      expect(Math.abs(low - expected[key][0])).toBeLessThan(0.008);
      expect(Math.abs(high - expected[key][1])).toBeLessThan(0.008);
      const judgy = Object.entries(expected).find(([name]) => name.startsWith("judgy"))![1] as number[];
      expect(high - low).toBeGreaterThan(judgy[2]! - judgy[1]!);
    },
  );
});

describe("roganGladen", () => {
  it("is worked by hand", () => {
    // Sensitivity 3/4, specificity 2/4, q = 6/10: (.6 + .5 - 1) / (.75 + .5 - 1) = .4.
    const sample = {
      labelled: { people: [1, 1, 1, 1, 0, 0, 0, 0], judge: [1, 1, 1, 0, 1, 1, 0, 0] },
      unlabelled: { judge: [1, 1, 1, 1, 1, 1, 0, 0, 0, 0] },
    };
    const found = roganGladen(sample, { resamples: 99, rng: seeded(0) });
    expect(found).toMatchObject({ sensitivity: 0.75, specificity: 0.5, judgeRate: 0.6 });
    // So few labels leave the judge at chance on many resamples: a value of the formula, but no estimate.
    expect(found.corrected).toMatchObject({ state: "not-estimable" });
    const tenfold = {
      labelled: {
        people: Array(40).fill(sample.labelled.people).flat(),
        judge: Array(40).fill(sample.labelled.judge).flat(),
      },
      unlabelled: sample.unlabelled,
    };
    expect(estimated(roganGladen(tenfold, { rng: seeded(0) }).corrected).mean).toBeCloseTo(0.4, 12);
  });

  it("covers the truth with 100 labels about as often as its level says; the raw judge rate does not", () => {
    const population = POPULATIONS["verdicts of a lenient judge"];
    const hits = { corrected: 0, judge: 0 };
    for (let r = 0; r < 1000; r++) {
      const sample = drawGraded(population, 100, 400, seeded(`rogan/${r}`));
      const { low, high } = estimated(roganGladen(sample, { resamples: 300, rng: seeded(r) }).corrected);
      if (low <= population.mean && population.mean <= high) hits.corrected += 1;
      const raw = tInterval(sample.unlabelled.judge, 0.95);
      if (raw.low <= population.mean && population.mean <= raw.high) hits.judge += 1;
    }
    if (process.env.SHOW_COVERAGE) console.log(hits);
    expect(hits.corrected / 1000).toBeGreaterThanOrEqual(0.935);
    expect(hits.corrected / 1000).toBeLessThanOrEqual(0.965);
    expect(hits.judge / 1000).toBeLessThan(0.3);
  });

  it("draws whole questions where answers to one are alike, and is wider for it", () => {
    const rng = seeded("alike");
    const [people, judge, clusters]: number[][] = [[], [], []];
    for (let q = 0; q < 100; q++) {
      const right = rng.float() < 0.5 ? 1 : 0;
      for (let i = 0; i < 10; i++) {
        people!.push(right);
        judge!.push(rng.float() < 0.85 ? right : 1 - right);
        clusters!.push(q);
      }
    }
    const labelled = Array.from({ length: 300 }, (_, i) => i);
    const width = (given?: number[]) => {
      const { corrected } = roganGladen(splitSample(people!, judge!, labelled, given), { rng: seeded(1) });
      return estimated(corrected).high - estimated(corrected).low;
    };
    expect(width(clusters)).toBeGreaterThan(1.5 * width());
  });

  it.each([
    ["nothing is unlabelled", [1, 0], [1, 0], [], /no unlabelled/],
    ["people found none right", [0, 0], [1, 0], [1], /none right|no labelled answer right/],
    ["people found none wrong", [1, 1], [1, 0], [1], /no labelled answer wrong/],
    ["the judge is at chance", [1, 1, 0, 0], [1, 0, 1, 0], [1, 0], /no better than chance/],
    [
      "the judge is right throughout and all say yes",
      [...Array(50).fill(1), ...Array(50).fill(0)],
      [...Array(50).fill(1), ...Array(50).fill(0)],
      [1, 1],
      /no spread/,
    ],
  ])("has no estimate where %s", (_, people, judge, rest, reason) => {
    const { corrected } = roganGladen({ labelled: { people, judge }, unlabelled: { judge: rest } }, { rng: seeded(0) });
    expect(corrected).toMatchObject({ state: "not-estimable", reason: expect.stringMatching(reason) });
  });

  it("refuses grades that are no verdicts", () => {
    const sample = { labelled: { people: [2, 1], judge: [1, 0] }, unlabelled: { judge: [1] } };
    expect(() => roganGladen(sample, { rng: seeded(0) })).toThrow(BadArgument);
  });
});
