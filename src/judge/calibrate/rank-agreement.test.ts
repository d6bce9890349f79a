import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { seeded } from "../../core/rng.ts";
import { hasShared, shared } from "../../lib/testing/shared.ts";
import type { Figure } from "../../runlog/index.ts";
import type { GradedItem } from "../labels/graded-set.ts";
import { readMtragHumanEval } from "../labels/index.ts";
import { rankAgreement } from "./rank-agreement.ts";

const options = { resamples: 300, rng: seeded("0") };
const numberOf = (figure: Figure) => ("value" in figure ? figure.value : Number.NaN);

describe("rankAgreement", () => {
  const items = Array.from(
    { length: 8 },
    (_, i): GradedItem => ({ id: `${i}`, query: `q${i}`, systems: [i < 4 ? "a" : "b"] }),
  );
  const people = new Map([["anna", [1, 2, 3, 4, 2, 2, 3, 4]]]);

  it("does not depend on the judge's scale, only on its order", () => {
    const score = [0.1, 0.3, 0.5, 0.9, 0.2, 0.35, 0.6, 0.8];
    const found = rankAgreement(items, people, score, options);
    expect(
      rankAgreement(
        items,
        people,
        score.map((x) => Math.exp(9 * x) - 3),
        options,
      ).answers,
    ).toEqual(found.answers);
    const turned = rankAgreement(
      items,
      people,
      score.map((x) => -x),
      options,
    );
    expect(numberOf(turned.answers.spearman)).toBeCloseTo(-numberOf(found.answers.spearman), 12);
    expect(numberOf(turned.answers.kendall)).toBeCloseTo(-numberOf(found.answers.kendall), 12);
    expect(found.ceiling).toBeUndefined();
    expect(found.systems!.means.map(({ system, people: mean }) => [system, mean])).toEqual([
      ["b", 2.75],
      ["a", 2.5],
    ]);
  });

  it("gives no figure where the judge says the same of everything, and leaves out what it did not score", () => {
    const flat = rankAgreement(
      items,
      people,
      items.map(() => 0.5),
      options,
    );
    expect(flat.answers.spearman).toEqual({ reason: expect.any(String), n: 8 });
    const some = rankAgreement(items, people, [0.1, undefined, 0.5, 0.9, undefined, 0.35, 0.6, 0.8], options);
    expect(some.answers.kendall.n).toBe(6);
  });
});

describe.skipIf(!hasShared)("the judges and measures of MT-RAG, whose scores are no grades of people's scale", () => {
  const file = (name: string) => shared(`data/mtrag-human-eval/${name}`);
  const read = () => readMtragHumanEval(file("reference_subset_with_human_evaluations.json"));

  it("correlate with people as another program finds, each dimension with each of six", async () => {
    const expected = JSON.parse(await readFile(file("expected_recomputed.json"), "utf8")).correlations;
    const { items, criteria } = await read();
    let compared = 0;
    for (const [dimension, { people, judges }] of criteria) {
      for (const [judge, scores] of judges) {
        const { answers } = rankAgreement(items, people, scores, { ...options, resamples: 99 });
        const { spearman, kendall_tau_b } = expected[`${dimension} vs ${judge}`];
        expect(numberOf(answers.spearman), `${dimension} ${judge}`).toBeCloseTo(spearman, 6);
        expect(numberOf(answers.kendall), `${dimension} ${judge}`).toBeCloseTo(kendall_tau_b, 6);
        compared += 1;
      }
    }
    expect(compared).toBe(24);
  });

  it("of the two language models rl_f comes near one person more on faithfulness, rb_llm on no dimension that people agree on", async () => {
    const { items, criteria } = await read();
    const of = (dimension: string, judge: string) => {
      const { people, judges } = criteria.get(dimension)!;
      return rankAgreement(items, people, judges.get(judge)!, options);
    };
    const faithful = of("faithfulness", "rl_f");
    expect(numberOf(faithful.ceiling!.spearman)).toBeCloseTo(0.489, 3);
    expect(numberOf(faithful.answers.spearman)).toBeGreaterThan(0.489);
    for (const dimension of ["naturalness", "completeness", "faithfulness"]) {
      const { answers, ceiling } = of(dimension, "rb_llm");
      expect(numberOf(answers.spearman)).toBeLessThan(numberOf(ceiling!.spearman));
    }
    // Three systems and 20 conversations: order alone is no evidence.
    expect(numberOf(faithful.systems!.tau)).toBe(1);
    expect(faithful.systems!.tau).toMatchObject({ low: expect.closeTo(1 / 3, 6), high: 1, n: 3 });
    expect(faithful.systems!.means.map(({ system }) => system)[0]).toBe("reference");
    expect(of("appropriateness", "rb_llm").systems!.swapped).toMatchObject({ value: 1 });
  });
});
