import { describe, expect, it } from "vitest";
import { seeded } from "../../core/rng.ts";
import { hasShared } from "../../lib/testing/shared.ts";
import { RETRIEVAL } from "../../runlog/index.ts";
import { normalQuantile } from "../../stats/index.ts";
import { significance } from "../../stats/testing/significance.ts";
import { compareRuns } from "../compare/compare-runs.ts";
import { type Cell, type MadeScores, madeScores } from "../testing/made-scores.ts";
import { type PlannedMetric, planQuestions } from "./plan-questions.ts";

const rng = seeded("plan");
const SCORES = Array.from({ length: 80 }, () => rng.float());
const CLOSE = SCORES.map((x, i) => Math.min(1, Math.max(0, x + (i % 2 === 0 ? 0.05 : -0.05))));
const made = (cells: readonly Cell[], rest: Partial<MadeScores> = {}) =>
  madeScores({ groups: { "rag@3": { F1: cells } }, ...rest });
const queries = (needed: { state: string; queries?: number }) => needed.queries ?? Number.NaN;

describe("a plan from two runs", () => {
  it("is for the spread of their differences: about ((z + z) sd / effect)²", () => {
    const plan = planQuestions([made(SCORES, { run: "a" }), made(CLOSE, { run: "b" })], { effect: 0.01 });
    expect(plan).toMatchObject({ basis: "paired", power: 0.8, alpha: 0.05, family: 1 });
    const differences = SCORES.map((x, i) => CLOSE[i]! - x);
    const mean = differences.reduce((a, b) => a + b) / 80;
    const sd = Math.sqrt(differences.reduce((a, d) => a + (d - mean) ** 2, 0) / 79);
    const expected = (((normalQuantile(0.975) + normalQuantile(0.8)) * sd) / 0.01) ** 2;
    expect(queries(plan.metrics[0]!.needed) / expected).toBeGreaterThan(1);
    expect(queries(plan.metrics[0]!.needed) / expected).toBeLessThan(1.03);
  });

  it("asks for more where more is tested together, the effect is smaller, or the power is to be higher", () => {
    const pilot = [made(SCORES, { run: "a" }), made(CLOSE, { run: "b" })] as const;
    const needs = (options: object) => queries(planQuestions(pilot, { effect: 0.01, ...options }).metrics[0]!.needed);
    for (const harder of [{ family: 5 }, { effect: 0.005 }, { power: 0.95 }, { alpha: 0.01 }]) {
      expect(needs(harder)).toBeGreaterThan(needs({}));
    }
  });

  it("holds: a difference of that size is told about as often as it says", () => {
    const draw = seeded("plan/power");
    const normal = () => Math.sqrt(-2 * Math.log(1 - draw.float())) * Math.cos(2 * Math.PI * draw.float());
    const runs = (n: number, effect: number) => {
      const before = Array.from({ length: n }, () => draw.float());
      const after = before.map((x) => x + effect + 0.2 * normal());
      return [made(before, { run: "a" }), made(after, { run: "b" })] as const;
    };
    const [needed] = planQuestions(runs(400, 0), { effect: 0.05 }).metrics;
    const n = queries(needed!.needed);
    const told = Array.from({ length: 120 }, () => {
      const [a, b] = runs(n, 0.05);
      return compareRuns(a, [b], { draws: 999 })[0]!.metrics[0]!.verdict === "better";
    }).filter(Boolean).length;
    // .8 but for the pilot's own error in sd (about 4 %) and that of 120 simulations.
    expect(told / 120).toBeGreaterThan(0.66);
    expect(told / 120).toBeLessThan(0.92);
  });

  it("is unknown where nothing varies or where the means are over different questions", () => {
    const same = planQuestions([made(SCORES, { run: "a" }), made(SCORES, { run: "b" })], { effect: 0.01 });
    expect(same.metrics[0]!.needed).toMatchObject({ state: "unknown" });
    const other = SCORES.map((x, i): Cell => (i < 40 ? "n/a" : x));
    const half = planQuestions([made(SCORES, { run: "a" }), made(other, { run: "b" })], {
      effect: 0.01,
      questions: 500,
    });
    expect(half.metrics[0]).toMatchObject({
      needed: { state: "unknown", reason: "the two means are over different questions" },
      detectableWithAll: { state: "unknown" },
    });
  });

  it("refuses runs that cannot be paired", () => {
    const other = made(SCORES, { run: "b", protocolFields: { version: 2 } });
    expect(() => planQuestions([made(SCORES), other], { effect: 0.01 })).toThrow(/E_COMPARE_PROTOCOL/);
  });
});

describe("a plan from one run", () => {
  it("bounds what two runs of that spread need, whatever goes with what", () => {
    const bound = planQuestions([made(SCORES)], { effect: 0.02 });
    expect(bound.basis).toBe("bound");
    const shuffled = SCORES.map((_, i) => SCORES[(i * 37 + 11) % 80]!);
    for (const other of [CLOSE, shuffled]) {
      const paired = planQuestions([made(SCORES, { run: "a" }), made(other, { run: "b" })], { effect: 0.02 });
      // Independent scores differ by as much, but for the chance correlation of 80 pairs.
      expect(queries(paired.metrics[0]!.needed)).toBeLessThan(1.25 * queries(bound.metrics[0]!.needed));
    }
  });

  it("takes the effects of the suite's gate, and says what all questions would tell", () => {
    const gate = { F1: { min_effect: 0.03 } };
    const scores = made(SCORES, { gate, groups: { "rag@3": { F1: SCORES, EM: SCORES } } });
    const plan = planQuestions([scores], { questions: 1000 });
    expect(plan.metrics.map(({ metric, effect }) => [metric, effect])).toEqual([["F1", 0.03]]);
    const [row] = plan.metrics;
    const known = (found: PlannedMetric["detectable"] | undefined) =>
      found?.state === "known" ? found.difference : Number.NaN;
    expect(known(row!.detectableWithAll) / known(row!.detectable)).toBeCloseTo(Math.sqrt(80 / 1000), 1);
    expect(() => planQuestions([made(SCORES)], {})).toThrow(/E_PLAN_EFFECT/);
  });

  it("counts documents where questions of one are not independent", () => {
    const clusters = SCORES.map((_, i) => i >> 2);
    const [row] = planQuestions([made(SCORES, { clusters })], { effect: 0.02 }).metrics;
    expect(row!.needed).toMatchObject({ state: "known", clusters: Math.ceil(queries(row!.needed) / 4) });
  });
});

describe.skipIf(!hasShared)("on cranfield", () => {
  it("uses scipy's standard deviation of the paired differences", () => {
    const reference = significance();
    const run = (name: "second" | "third") =>
      madeScores({ run: name, groups: { [RETRIEVAL]: reference.scores[name] as Record<string, number[]> } });
    const { metrics } = planQuestions([run("second"), run("third")], { effect: 0.02, metrics: ["nDCG@10"] });
    const sd = reference.tests["nDCG@10 third - second"]!.sd_diff_ddof1;
    const [needed] = metrics;
    const expected = (((normalQuantile(0.975) + normalQuantile(0.8)) * sd) / 0.02) ** 2;
    expect(Math.abs(queries(needed!.needed) - expected)).toBeLessThan(4);
  });
});
