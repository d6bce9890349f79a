import { describe, expect, it } from "vitest";
import { seeded } from "../../core/rng.ts";
import { hasShared, shared } from "../../lib/testing/shared.ts";
import type { CriterionGrades, GradedItem } from "../labels/graded-set.ts";
import { readLlmJudge, readOpenqaEval } from "../labels/index.ts";
import { rankJudges } from "./rank-judges.ts";

const options = { resamples: 300, rng: seeded("0") };

/** 200 answers to 100 questions; a judge errs on every so manyth of them. */
const items = Array.from({ length: 200 }, (_, i): GradedItem => ({ id: `${i}`, query: `q${i >> 1}` }));
const truth = items.map((_, i) => ((i * 7) % 11 < 6 ? 1 : 0));
const erring = (every: number) => truth.map((label, i) => (i % every === 0 ? 1 - label : label));
const matrix = (judges: Record<string, (number | undefined)[]>, people = truth as (number | undefined)[]) =>
  ({ scale: [0, 1], people: new Map([["anna", people]]), judges: new Map(Object.entries(judges)) }) as CriterionGrades;

describe("rankJudges", () => {
  it("ranks by agreement, and in groups that the labels can tell apart", () => {
    const found = rankJudges(items, matrix({ poor: erring(3), good: erring(23), fair: erring(19), mean: erring(2) }), {
      by: "exact",
      ...options,
    });
    expect(found.map(({ judge, verdict, group }) => [judge, verdict, group])).toEqual([
      ["good", "best", 1],
      ["fair", "cannot-tell", 1],
      ["poor", "behind", 2],
      ["mean", "behind", 3],
    ]);
    expect(found[0]!.figure).toMatchObject({ value: 191 / 200, n: 200 });
    expect(found[2]!.behind).toMatchObject({ value: expect.closeTo(191 / 200 - 133 / 200, 12) });
    expect(found[2]!.p).toBeLessThan(0.05);
  });

  it("leaves out what nobody labelled, and counts what a judge did not grade", () => {
    const people = truth.map((label, i) => (i < 100 ? label : undefined));
    const some = erring(10).map((grade, i) => (i === 5 || i === 150 ? undefined : grade));
    const [first, second] = rankJudges(items, matrix({ all: erring(9), some }, people), { by: "kappa", ...options });
    expect([first!, second!].map(({ judge, ungraded, figure }) => [judge, ungraded, figure.n])).toEqual([
      ["some", 1, 99],
      ["all", 0, 100],
    ]);
  });

  it("ranks one judge as the best, and one that cannot be estimated last", () => {
    expect(rankJudges(items, matrix({ only: erring(5) }), { by: "kappa", ...options })).toMatchObject([
      { judge: "only", verdict: "best", group: 1 },
    ]);
    const none = rankJudges(items, matrix({ silent: truth.map(() => undefined), only: erring(5) }), {
      by: "kappa",
      ...options,
    });
    expect(none[1]).toMatchObject({ judge: "silent", figure: { reason: expect.any(String) }, ungraded: 200 });
    expect(JSON.stringify(none)).not.toMatch(/NaN|null/);
  });
});

describe.skipIf(!hasShared)("published judges", () => {
  it("of LLMJudge's 33 most cannot be told from the best on other questions: there are 25", async () => {
    const { items: pairs, criteria } = await readLlmJudge(shared("data/llmjudge-2024"));
    const found = rankJudges(pairs, criteria.get("relevance")!, { by: "kappa", ...options });
    expect(found).toHaveLength(33);
    expect(found[0]).toMatchObject({ judge: "willia-umbrela1", figure: { value: expect.closeTo(0.2863, 4), n: 4423 } });
    const behind = found.filter(({ verdict }) => verdict === "behind").map(({ judge }) => judge);
    expect(behind).toEqual(["TREMA-rubric0"]);
    for (const { figure } of found) expect(figure).toMatchObject({ method: "jackknife-t-clustered" });
    const values = found.map(({ figure }) => ("value" in figure ? figure.value : 0));
    expect(values).toEqual(values.toSorted((a, b) => b - a));
  });

  it("on these very pairs some of them can", async () => {
    const { items: pairs, criteria } = await readLlmJudge(shared("data/llmjudge-2024"));
    const relevance = criteria.get("relevance")!;
    const names = ["willia-umbrela1", "h2oloo-fewself", "RMITIR-GPT4o", "TREMA-CoT", "TREMA-nuggets"];
    const judges = new Map(names.map((name) => [name, relevance.judges.get(name)!]));
    const ask = { by: "kappa", unit: "item", ...options, resamples: 99 } as const;
    expect(rankJudges(pairs, { ...relevance, judges }, ask).map(({ judge, group }) => [judge, group])).toEqual([
      ["willia-umbrela1", 1],
      ["h2oloo-fewself", 1],
      ["RMITIR-GPT4o", 2],
      ["TREMA-CoT", 3],
      ["TREMA-nuggets", 4],
    ]);
  });

  it("of OpenQA-eval's three GPT-4 is best; davinci cannot be told from it, BEM can", async () => {
    const { items: rows, criteria } = await readOpenqaEval(shared("data/openqa-eval-nq"));
    const found = rankJudges(rows, criteria.get("correct")!, { by: "kappa", ...options });
    expect(found).toMatchObject([
      { judge: "gpt-4", verdict: "best", figure: { value: expect.closeTo(0.6935, 4), n: 1480 } },
      { judge: "text-davinci-003", verdict: "cannot-tell", figure: { value: expect.closeTo(0.6729, 4) }, ungraded: 7 },
      { judge: "BEM", verdict: "behind", figure: { value: expect.closeTo(0.6148, 4) }, group: 2 },
    ]);
    expect(found[2]!.p).toBeLessThan(0.01);
  });
});
