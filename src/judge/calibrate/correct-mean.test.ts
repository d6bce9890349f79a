import { describe, expect, it } from "vitest";
import { type Rng, seeded } from "../../core/rng.ts";
import { hasShared, shared } from "../../lib/testing/shared.ts";
import { predictionPoweredMean } from "../../stats/index.ts";
import type { CriterionGrades, GradedItem } from "../labels/graded-set.ts";
import { readOpenqaEval } from "../labels/index.ts";
import { correctMean } from "./correct-mean.ts";
import type { JudgedAnswers } from "./judged-answers.ts";

const options = { level: 0.95, resamples: 400, rng: seeded("0") };
const column = (range: readonly [number, number], values?: readonly number[]): JudgedAnswers["column"] => ({
  ...{ name: "j/c", criterion: "c", question: "", range, repeats: 1, ...(values && { values }) },
  judge: { id: "j", sha256: "", rubric: "", config: {} },
});
const indices = (n: number, from = 0) => Array.from({ length: n }, (_, i) => from + i);

/** Answers of questions of their own, the first of them labelled. */
function answers(
  people: readonly number[],
  judge: readonly number[],
  more: Partial<JudgedAnswers> = {},
): JudgedAnswers {
  const n = people.length;
  return {
    ...{ column: column([0, 3], [0, 1, 2, 3]), condition: "rag@3", failed: 0 },
    sample: {
      labelled: { people, judge: judge.slice(0, n), clusters: indices(n) },
      unlabelled: { judge: judge.slice(n), clusters: indices(judge.length - n, n) },
    },
    ...more,
  };
}

/** A judge that is a point too kind to every second answer, on 0 to 3. */
function world(n: number, rng: Rng) {
  const people = indices(n).map(() => [0, 1, 2, 3, 3][rng.below(5)]!);
  const judge = people.map((label) => Math.min(3, label + rng.below(2)));
  return { people, judge };
}

describe("correctMean", () => {
  it("is the prediction-powered mean where nothing failed, with the raw mean of the judge beside it", () => {
    const { people, judge } = world(400, seeded("one"));
    const given = answers(people.slice(0, 80), judge);
    const found = correctMean(given, options);
    const ppi = predictionPoweredMean(given.sample, { level: 0.95, range: [0, 3] });
    if (ppi.corrected.state !== "estimated") throw new Error("no estimate");
    const { mean: value, low, high, method } = ppi.corrected;
    expect(found.corrected).toEqual({ value, low, high, method, n: 80 });
    expect(found.judge).toBeCloseTo(judge.reduce((a, b) => a + b) / 400, 12);
    expect(found).toMatchObject({ answers: 400, labels: 80, failed: 0, column: "j/c", condition: "rag@3" });
    expect(found.width).toBe("narrower");
    expect(found.effectiveLabels).toBeGreaterThan(80);
    expect(found.roganGladen).toBeUndefined();
  });

  it("counts failures of the system as the floor in every mean, and their share as uncertain", () => {
    const { people, judge } = world(300, seeded("two"));
    const plain = correctMean(answers(people.slice(0, 100), judge), options);
    const some = correctMean(answers(people.slice(0, 100), judge, { failed: 100 }), options);
    const [a, b] = [plain.corrected, some.corrected] as { value: number; low: number; high: number }[];
    expect(b!.value).toBeCloseTo(0.75 * a!.value, 12);
    expect(some.judge).toBeCloseTo(0.75 * plain.judge, 12);
    // √((.75 × half)² + (1.96 × mean)² × .75 × .25 ÷ 400)
    const half = Math.hypot(0.75 * (a!.high - a!.value), 1.959964 * a!.value * Math.sqrt((0.75 * 0.25) / 400));
    expect(b!.high - b!.value).toBeCloseTo(half, 5);
  });

  it("has Rogan and Gladen's estimate on a scale of 0 and 1 only, and not of grades averaged over repeats", () => {
    const rng = seeded("three");
    const people = indices(300).map(() => rng.below(2));
    const judge = people.map((label) => (rng.below(10) === 0 ? 1 - label : label));
    const binary = { column: column([0, 1], [0, 1]) };
    const found = correctMean(answers(people.slice(0, 90), judge, binary), options);
    expect(found.roganGladen).toMatchObject({ method: "rogan-gladen-clustered" });
    const averaged = judge.map((grade, i) => (i === 200 ? 0.5 : grade));
    expect(correctMean(answers(people.slice(0, 90), averaged, binary), options).roganGladen).toBeUndefined();
  });

  it("says when the judge is of no use: grades that do not go with the labels, or every answer labelled", () => {
    const rng = seeded("four");
    const { people, judge } = world(200, rng);
    const blind = judge.map(() => 2);
    expect(correctMean(answers(people.slice(0, 60), blind), options)).toMatchObject({ lambda: 0, width: "same" });
    expect(correctMean(answers(people, judge), options)).toMatchObject({ lambda: 0, width: "same", labels: 200 });
    expect(correctMean(answers([2], judge), options).corrected).toEqual({ reason: expect.any(String), n: 1 });
  });

  it("holds the mean that people would give in 95 of 100 repetitions, with failures too, where the raw mean never does", () => {
    const rng = seeded("coverage");
    let [held, raw] = [0, 0];
    const repetitions = 500;
    for (let r = 0; r < repetitions; r++) {
      const { people, judge } = world(360, rng.fork(`${r}`));
      // Each question fails by chance: one in ten.
      const failed = indices(40).filter(() => rng.below(10) < 5).length;
      const given = answers(people.slice(0, 100), judge, { failed });
      const { corrected, judge: mean } = correctMean(given, options);
      const share = 360 / (360 + 20);
      const truth = share * 1.8;
      if ("value" in corrected && corrected.low! <= truth && truth <= corrected.high!) held += 1;
      if (Math.abs(mean - truth) < 0.1) raw += 1;
    }
    expect(held / repetitions).toBeGreaterThan(0.92);
    expect(held / repetitions).toBeLessThan(0.99);
    expect(raw / repetitions).toBeLessThan(0.05);
  });
});

describe.skipIf(!hasShared)("OpenQA-eval, a tenth of the answers labelled", () => {
  it("corrected means hold the accuracy by all human verdicts of the 12 systems, in three quarters of the labels' width", async () => {
    const { items, criteria } = await readOpenqaEval(shared("data/openqa-eval-nq"));
    const correct = criteria.get("correct")!;
    const systems = [...new Set(items.flatMap(({ systems: own = [] }) => own))].sort();
    expect(systems).toHaveLength(12);
    const found = systems.map((system) => drawn(items, correct, system));
    const all = found.flatMap(({ truth, draws }) => draws.map((mean) => ({ truth, mean })));
    const known = (of: Column, from = all) =>
      from.flatMap(({ truth, mean }) => {
        const figure = mean[of];
        return figure && "value" in figure ? [{ truth, low: figure.low!, high: figure.high! }] : [];
      });
    const coverage = (of: Column, from = all) => {
      const intervals = known(of, from);
      return intervals.filter(({ truth, low, high }) => low <= truth && truth <= high).length / intervals.length;
    };
    const width = (of: Column) => known(of).reduce((sum, { low, high }) => sum + high - low, 0) / known(of).length;
    // Of .95 that are asked for, from about 30 labels each.
    expect(coverage("corrected")).toBeGreaterThan(0.91);
    expect(coverage("roganGladen")).toBeGreaterThan(0.88);
    for (const { truth, draws } of found)
      expect(
        coverage(
          "corrected",
          draws.map((mean) => ({ truth, mean })),
        ),
      ).toBeGreaterThanOrEqual(0.75);
    expect(width("corrected") / width("labelsAlone")).toBeLessThan(0.8);
    // Near chance on few labels Rogan and Gladen's is no bargain, and sometimes not estimable.
    expect(width("roganGladen")).toBeGreaterThan(width("labelsAlone"));
    expect(known("roganGladen").length).toBeLessThan(all.length);
    for (const { truth, draws } of found) expect(draws[0]!.judge).toBeLessThan(truth);
  });
});

type Column = "corrected" | "labelsAlone" | "roganGladen";

/** GPT-4's corrected accuracy of one system from twenty draws of a tenth of its answers. */
function drawn(items: readonly GradedItem[], { people, judges }: CriterionGrades, system: string) {
  const [verdicts, grades] = [people.get("people")!, judges.get("gpt-4")!];
  const own = items.flatMap(({ systems = [] }, i) =>
    systems.includes(system) && verdicts[i] !== undefined && grades[i] !== undefined ? [i] : [],
  );
  const truth = own.reduce((sum, i) => sum + verdicts[i]!, 0) / own.length;
  const draws = indices(20).map((draw) => {
    const rng = seeded(`${system}/${draw}`);
    const order = own.map((i) => ({ i, key: rng.float() })).sort((a, b) => a.key - b.key);
    const labelled = order.slice(0, Math.round(own.length / 10)).map(({ i }) => i);
    const rest = order.slice(labelled.length).map(({ i }) => i);
    const judge = [...labelled, ...rest].map((i) => grades[i]!);
    const given = answers(
      labelled.map((i) => verdicts[i]!),
      judge,
      { column: column([0, 1], [0, 1]) },
    );
    return correctMean(given, { ...options, resamples: 200, rng });
  });
  return { system, n: own.length, truth, draws };
}
