import { array, assert, constantFrom, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError } from "../../core/errors.ts";
import { seeded } from "../../core/rng.ts";
import { hasShared } from "../../lib/testing/shared.ts";
import { RETRIEVAL, type Scores } from "../../runlog/index.ts";
import { holm } from "../../stats/index.ts";
import { pairOf, permutationSeeds, significance } from "../../stats/testing/significance.ts";
import { gate } from "../gate.ts";
import { limitsOf } from "../limits.ts";
import { f1, RESHUFFLED, SCORES, shifted } from "../testing/gated.ts";
import { type Cell, type MadeScores, madeScores } from "../testing/made-scores.ts";
import { type CompareOptions, compareRuns } from "./compare-runs.ts";

const base = (made: MadeScores) => madeScores({ run: "base", system: "old", ...made });
const cand = (made: MadeScores, run = "cand") => madeScores({ run, system: "new", ...made });
const FAST = { draws: 999 };

function one(a: MadeScores, b: MadeScores, options: CompareOptions = FAST) {
  return compareRuns(base(a), [cand(b)], options)[0]!;
}

const ones = (n: number, of: number) => Array.from({ length: of }, (_, i) => (i < n ? 1 : 0));

describe("the verdict of a difference", () => {
  it.each([
    ["a sure gain beyond the minimum effect", shifted(0.1), "better", "better by more than 0.02"],
    ["a sure loss beyond it", shifted(-0.1), "worse", "worse by more than 0.02"],
    ["a sure difference within it", shifted(0.005, 0.002), "equivalent", "the same within 0.02"],
    ["noise", RESHUFFLED, "cannot tell", "a difference of more than 0.02 is neither shown nor ruled out"],
    ["nothing", SCORES, "cannot tell", "the same on all 50 questions"],
  ])("of %s", (_, cells, verdict, reason) => {
    expect(one(f1(SCORES), f1(cells)).metrics[0]).toMatchObject({ verdict, reason, minEffect: 0.02 });
  });

  it("takes any difference for one that matters where the suite gates nothing", () => {
    const [row] = one(f1(SCORES, {}), f1(shifted(0.005, 0.002), {})).metrics;
    expect(row).toMatchObject({ verdict: "better", reason: "better", minEffect: 0 });
  });

  it("follows the metric's direction: of falsely answered questions fewer are better", () => {
    const made = (n: number): MadeScores => ({ groups: { "rag@3": { FalseAnswer: ones(n, 60) } } });
    const [row] = one(made(40), made(10)).metrics;
    expect(row).toMatchObject({ better: "lower", verdict: "better", wins: 30, ties: 30, losses: 0 });
    const { difference } = row!;
    if (difference.state !== "estimated") throw new Error(difference.reason);
    expect(difference.mean).toBeCloseTo(-0.5, 12);
    expect(difference.high).toBeLessThan(0);
  });

  it("54 against 53 of 71 right cannot be told apart, and says how many more questions could", () => {
    const a = ones(54, 71);
    const b = [...ones(46, 54), ...ones(7, 17)];
    const [row] = one({ groups: { "rag@3": { EM: a } } }, { groups: { "rag@3": { EM: b } } }).metrics;
    expect(row).toMatchObject({ verdict: "cannot tell", wins: 7, losses: 8, p: 1 });
    expect(row!.moreQuestions).toBeGreaterThan(5000);
  });

  it("is not called a difference by the interval alone, where the test sees none", () => {
    // Five wins and no loss of 60: the t interval excludes 0, the exact test gives 2 / 32.
    const before = ones(0, 60);
    const [row] = one({ groups: { "rag@3": { EM: before } } }, { groups: { "rag@3": { EM: ones(5, 60) } } }).metrics;
    expect(row).toMatchObject({
      p: 2 / 32,
      verdict: "cannot tell",
      reason: "the interval shows a difference, the randomization test does not",
    });
    expect(row!.moreQuestions).toBeUndefined();
    expect(row!.difference.state === "estimated" && row!.difference.low).toBeGreaterThan(0);
  });

  it("agrees with the gate: what is better passes a superiority check of the same effect, what is worse fails a margin", () => {
    const cells = constantFrom(0, 0.25, 0.5, 0.75, 1);
    assert(
      property(
        array(cells, { minLength: 12, maxLength: 30 }),
        array(cells, { minLength: 30, maxLength: 30 }),
        (a, b) => {
          const after = b.slice(0, a.length);
          const limit = { F1: { min_effect: 0.05, test: "superiority" } };
          const [x, y] = [base(f1(a)), cand(f1(after, limit))];
          const [row] = compareRuns(x, [y], FAST)[0]!.metrics;
          const { verdict } = gate(x, y, limitsOf(y.manifest), { seed: 0 }).checks[0]!;
          if (row!.verdict === "better") expect(verdict).toBe("pass");
          if (row!.verdict === "worse" || row!.verdict === "equivalent") expect(verdict).toBe("fail");
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("swapped runs", () => {
  it("turn every verdict round and keep every p", () => {
    const cells = constantFrom<Cell>(0, 0.5, 1, "failed", "unscored");
    const opposite = { better: "worse", worse: "better", equivalent: "equivalent", "cannot tell": "cannot tell" };
    assert(
      property(
        array(cells, { minLength: 20, maxLength: 20 }),
        array(cells, { minLength: 20, maxLength: 20 }),
        (a, b) => {
          const [there] = one(f1(a), f1(b)).metrics;
          const [back] = one(f1(b), f1(a)).metrics;
          expect(back!.verdict).toBe(opposite[there!.verdict]);
          expect([back!.wins, back!.ties, back!.losses]).toEqual([there!.losses, there!.ties, there!.wins]);
          expect(back!.p).toBeCloseTo(there!.p, 12);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("several metrics and candidates", () => {
  const made = (cells: readonly Cell[], more: readonly Cell[] = RESHUFFLED): MadeScores => ({
    groups: { [RETRIEVAL]: { "nDCG@10": cells }, "rag@3": { F1: more } },
  });

  it("are adjusted by Holm over all of them together", () => {
    const baseline = base(made(SCORES, SCORES));
    const candidates = [cand(made(shifted(0.02, 0.05)), "c1"), cand(made(RESHUFFLED, shifted(-0.1)), "c2")];
    const compared = compareRuns(baseline, candidates, FAST);
    const rows = compared.flatMap(({ metrics }) => metrics);
    expect(compared.map(({ candidate, compared: family }) => [candidate.run, family])).toEqual([
      ["c1", 4],
      ["c2", 4],
    ]);
    expect(rows.map(({ pHolm }) => pHolm)).toEqual(holm(rows.map(({ p }) => p)));
    const alone = compareRuns(baseline, candidates.slice(0, 1), FAST)[0]!.metrics;
    alone.forEach((row, i) => {
      expect(row.p).toBe(rows[i]!.p);
      expect(row.pHolm).toBeLessThanOrEqual(rows[i]!.pHolm);
    });
  });

  it("may be narrowed to some, and what no run has is refused with the nearest name", () => {
    const [a, b] = [base(made(SCORES)), cand(made(SCORES))];
    const only = compareRuns(a, [b], { ...FAST, conditions: ["rag@3"] })[0]!;
    expect(only.metrics.map(({ metric }) => metric)).toEqual(["F1"]);
    expect(() => compareRuns(a, [b], { ...FAST, metrics: ["nDCG@100"], conditions: ["rag@33"] })).toThrow(
      /condition rag@33[\s\S]*did you mean "rag@3"\?[\s\S]*metric nDCG@100[\s\S]*did you mean "nDCG@10"\?/,
    );
  });

  it("that only one run has, or that this version does not know, are named and left out", () => {
    const a = base({ groups: { "rag@3": { F1: SCORES, EM: SCORES, Blether: SCORES } } });
    const b = cand({ groups: { "rag@3": { F1: SCORES, Blether: SCORES }, "rag@5": { F1: SCORES } } });
    const { metrics, notes } = compareRuns(a, [b], FAST)[0]!;
    expect(metrics.map(({ metric, condition }) => [metric, condition])).toEqual([["F1", "rag@3"]]);
    expect(notes).toEqual([
      "Blether rag@3: this version does not know the metric, so it is not compared",
      "EM rag@3 is in the baseline only",
      "rag@5 is in the candidate only",
    ]);
  });
});

describe("equal systems", () => {
  it("are called better or worse in at most alpha of the comparisons, over all of their metrics together", () => {
    const rng = seeded("compare/equal");
    const metrics = ["EM", "F1", "Contains", "EM(squad=1)", "F1(squad=1)"];
    const comparisons = 200;
    let wrong = 0;
    for (let i = 0; i < comparisons; i += 1) {
      // Every fifth question falls out otherwise, one way or the other, on right-or-wrong and on graded metrics alike.
      const differs = Array.from({ length: 60 }, () => (rng.below(5) === 0 ? (rng.below(2) === 0 ? 1 : -1) : 0));
      const scores = (side: 1 | -1): MadeScores => ({
        groups: {
          "rag@3": Object.fromEntries(
            metrics.map((name, at) => [name, differs.map((d) => 0.5 + (side * d * (1 + (at % 3))) / 6)]),
          ),
        },
      });
      const rows = one(scores(-1), scores(1)).metrics;
      if (rows.some(({ verdict }) => verdict === "better" || verdict === "worse")) wrong += 1;
    }
    // A rate of .05 shows as more than this in fewer than 1 of 1000 simulations.
    expect(wrong / comparisons).toBeLessThanOrEqual(0.05 + 3.1 * Math.sqrt((0.05 * 0.95) / comparisons));
  });
});

describe("a judge's column", () => {
  const graded = (run: string, cells: readonly Cell[], sha256 = "44"): Scores => {
    const name = "answer-0-3/correctness";
    const judge = { id: "answer-0-3", sha256 } as never;
    const column = { name, judge, criterion: "correctness", question: "Is it right?", range: [0, 3] as const };
    return {
      ...madeScores({ run, groups: { "rag@3": { [name]: cells } } }),
      judged: new Map([[name, { ...column, values: [0, 1, 2, 3], judgeFailures: 0, repeats: 1 }]]),
    };
  };
  const grades = Array.from({ length: 40 }, (_, i) => i % 3);

  it("is compared like a metric", () => {
    const [row] = compareRuns(
      graded("a", grades),
      [
        graded(
          "b",
          grades.map((x) => x + 1),
        ),
      ],
      FAST,
    )[0]!.metrics;
    expect(row).toMatchObject({ metric: "answer-0-3/correctness", range: [0, 3], verdict: "better", wins: 40 });
  });

  it("of two versions of the judge is not", () => {
    expect(() => compareRuns(graded("a", grades), [graded("b", grades, "55")], FAST)).toThrow(
      /E_COMPARE_METRIC[\s\S]*two versions of the judge graded it/,
    );
  });
});

describe("runs that may not be compared", () => {
  it.each<[string, Partial<MadeScores>, RegExp]>([
    ["another dataset", { dataset: { sha256: "99" } }, /E_COMPARE_DATASET[\s\S]*the dataset changed/],
    ["another protocol", { protocolFields: { version: 2 } }, /protocol \/version \(E_COMPARE_PROTOCOL\)/],
    ["an interrupted run", { state: "interrupted" }, /E_COMPARE_INTERRUPTED/],
    ["other questions", { queries: SCORES.map((_, i) => `q${i + 1}`) }, /E_COMPARE_QUERIES[\s\S]*"q0"[\s\S]*--shared/],
  ])("%s", (_, made, message) => {
    expect(() => one(f1(SCORES), { ...f1(SCORES), ...made })).toThrow(DataError);
    expect(() => one(f1(SCORES), { ...f1(SCORES), ...made })).toThrow(message);
  });

  it("are compared on the questions that both were asked, on demand", () => {
    const a = f1(SCORES.slice(0, 40));
    const queries = Array.from({ length: 40 }, (_, i) => `q${i + 10}`);
    const b: MadeScores = {
      ...f1(shifted(0.1).slice(10)),
      queries,
      protocolFields: { version: 1, questions: "other" },
    };
    const whole = { ...FAST, shared: true };
    const found = one({ ...a, protocolFields: { version: 1, questions: "these" } }, b, whole);
    expect(found).toMatchObject({ questions: 30, asked: { baseline: 40, candidate: 40 } });
    expect(found.metrics[0]).toMatchObject({ n: 30, unpaired: 0, verdict: "better" });
    // As if both had been asked just these.
    const part = one(f1(SCORES.slice(10, 40)), f1(shifted(0.1).slice(10, 40)));
    expect({ ...found.metrics[0], moreQuestions: 0 }).toEqual({ ...part.metrics[0], moreQuestions: 0 });
    const none = { ...f1(SCORES), queries: SCORES.map((_, i) => `x${i}`) };
    expect(() => one(f1(SCORES), none, whole)).toThrow(/expected at least one question that both runs were asked/);
  });

  it("keeps trials and clusters of shared questions together", () => {
    const cells: Cell[] = Array.from({ length: 20 }, (_, i) => (i % 4) / 4);
    const made = { groups: { "rag@3": { F1: cells } }, trials: 2, clusters: [0, 0, 1, 1, 2, 2, 3, 3, 4, 4] };
    const rest = { queries: ["q8", "q9", "q0", "q1", "q2", "q3", "q4", "q5", "x", "y"] };
    const found = one(made, { ...made, ...rest }, { ...FAST, shared: true });
    const before = [0.125, 0.625];
    expect(found.questions).toBe(8);
    expect(found.metrics[0]!.baseline.mean).toBeCloseTo((4 * (before[0]! + before[1]!)) / 8, 12);
    expect(found.metrics[0]!).toMatchObject({ n: 8, ties: 8 });
  });
});

describe("what is told besides", () => {
  it("names the fields in which the systems differ", () => {
    const [a, b] = [base(f1(SCORES)), cand(f1(SCORES))];
    const withConfig = (scores: Scores, config: unknown): Scores => ({
      ...scores,
      manifest: { ...scores.manifest, system: { ...scores.manifest.system, config } },
    });
    const { config } = compareRuns(
      withConfig(a, { retriever: { kind: "bm25", k1: 0.9 }, title: "s" }),
      [withConfig(b, { retriever: { kind: "bm25", k1: 1.2, b: 0.75 }, title: "t" })],
      FAST,
    )[0]!;
    expect(config).toEqual([
      { field: "/retriever/k1", baseline: 0.9, candidate: 1.2 },
      { field: "/retriever/b", baseline: undefined, candidate: 0.75 },
    ]);
  });

  it("lists the questions that flipped, the largest loss first, by the gated metric", () => {
    const a: MadeScores = { groups: { "rag@3": { F1: [1, 0.5, 0, 0.2, "unscored"], EM: [1, 0, 0, 0, 0] } } };
    const b: MadeScores = { groups: { "rag@3": { F1: [0.5, 0.5, 1, 0, 1], EM: [0, 0, 1, 0, 1] } } };
    const gated = { F1: { min_effect: 0.01 } };
    const flips = (made: MadeScores, by?: string) => one(a, made, { ...FAST, flips: { most: 10, by } }).flips;
    expect(flips({ ...b, gate: gated })).toEqual([
      {
        metric: "F1",
        condition: "rag@3",
        range: [0, 1],
        worse: 2,
        better: 1,
        flips: [
          { query: "q0", baseline: 1, candidate: 0.5 },
          { query: "q3", baseline: 0.2, candidate: 0 },
          { query: "q2", baseline: 0, candidate: 1 },
        ],
      },
    ]);
    expect(flips(b)[0]!.metric).toBe("EM");
    expect(flips(b, "F1")[0]!.metric).toBe("F1");
    expect(one(a, b, { ...FAST, flips: { most: 1 } }).flips[0]).toMatchObject({
      worse: 1,
      better: 2,
      flips: [{ query: "q0" }],
    });
    expect(one(a, b).flips).toEqual([]);
  });
});

describe.skipIf(!hasShared)("on the scores of real runs on cranfield", () => {
  const reference = significance();
  const run = (name: "bm25" | "second" | "third"): Scores =>
    madeScores({ run: name, groups: { [RETRIEVAL]: reference.scores[name] as Record<string, number[]> } });

  it("has scipy's means, intervals, counts and p-values", () => {
    for (const [name, expected] of Object.entries(reference.tests)) {
      const [metric, both] = name.split(/ (.*)/);
      const candidate = run(both === undefined ? "bm25" : "third");
      const [row] = compareRuns(run("second"), [candidate], { metrics: [metric!] })[0]!.metrics;
      const { x, y } = pairOf(reference, name);
      expect(row!.difference).toMatchObject({ state: "estimated", n: x.length });
      if (row!.difference.state !== "estimated") continue;
      expect(row!.difference.mean).toBeCloseTo(expected.mean_diff, 10);
      expect(row!.difference.low).toBeCloseTo(expected.ttest_rel.ci95[0], 10);
      expect(row!.difference.high).toBeCloseTo(expected.ttest_rel.ci95[1], 10);
      expect([row!.wins, row!.ties, row!.losses]).toEqual([expected.n_pos, expected.n_zero_diff, expected.n_neg]);
      expect(row!.baseline.mean).toBeCloseTo(y.reduce((a, b) => a + b) / y.length, 10);
      const drawn = permutationSeeds(expected);
      const p = drawn.reduce((a, b) => a + b) / drawn.length;
      expect(Math.abs(row!.p - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / 99_999) + 1e-5);
    }
  });

  it("calls the third run worse on both metrics that scipy tells, and the first no different", () => {
    const compared = compareRuns(run("second"), [run("third"), run("bm25")], { metrics: ["nDCG@10", "AP"] });
    expect(compared.map(({ metrics }) => metrics.map(({ verdict }) => verdict))).toEqual([
      ["worse", "worse"],
      ["cannot tell", "cannot tell"],
    ]);
  });
});
