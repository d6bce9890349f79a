import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { seeded } from "../../core/rng.ts";
import { hasShared, shared } from "../../lib/testing/shared.ts";
import type { Figure } from "../../runlog/index.ts";
import { coefficientIntervals, kappaOf, tallyGrades } from "../../stats/index.ts";
import { calibrate } from "../calibrate/calibrate.ts";
import { figureOf } from "../calibrate/figures.ts";
import type { GradedItem, GradedSet } from "../labels/graded-set.ts";
import { questionNumbers, readMtragHumanEval, readOpenqaEval } from "../labels/index.ts";
import { scoreAt } from "./cut-points.ts";
import { fitLexical } from "./fit-lexical.ts";
import { OVERLAP_FEATURES, overlapFeature, overlapOf } from "./overlap-features.ts";

const options = { level: 0.95, resamples: 300, rng: seeded("0"), where: "labels.jsonl" };
const stepsOf = (scale: readonly number[]) => scale.map((value) => ({ name: String(value), value, anchor: "" }));

/** All measures of each item by its references. */
function measuresOf(items: readonly GradedItem[], references: ReadonlyMap<string, readonly string[]>) {
  const features = OVERLAP_FEATURES.map((name) => overlapFeature(name)!);
  const measures = new Map<string, Float64Array>();
  for (const { id, answer } of items) {
    const values = features.map((feature) => overlapOf(feature, answer!, references.get(id)));
    if (values.every((value) => value !== undefined)) measures.set(id, Float64Array.from(values));
  }
  return measures;
}

/** Items of some systems with their labels. */
function part({ items, criteria, notes }: GradedSet, keep: (item: GradedItem) => boolean): GradedSet {
  const kept = items.flatMap((item, i) => (keep(item) ? [i] : []));
  const cut = new Map(
    Array.from(criteria, ([id, { scale, people }]) => [
      id,
      {
        scale,
        people: new Map(Array.from(people, ([name, column]) => [name, kept.map((i) => column[i])])),
        judges: new Map(),
      },
    ]),
  );
  return { items: kept.map((i) => items[i]!), criteria: cut, notes };
}

/** `0.44 > 0.25`: the value, and a twentieth that its interval stays above; the value alone where there is no interval. */
function formatKappa(figure: Figure | undefined): string {
  if (figure === undefined || !("value" in figure)) return "not estimable";
  const value = Math.abs(figure.value).toFixed(2);
  return figure.low === undefined ? value : `${value} > ${(Math.floor(figure.low * 20) / 20).toFixed(2)}`;
}

describe("fitLexical", () => {
  it("refuses labels on too few questions, and says how many there are", () => {
    const items = Array.from({ length: 19 }, (_, i) => ({ id: `a${i}`, query: `q${i}` }));
    const people = new Map([["anna", items.map((_, i) => i % 2)]]);
    const set = { items, criteria: new Map([["c", { scale: [0, 1], people, judges: new Map() }]]), notes: [] };
    const measures = new Map(items.map(({ id }, i) => [id, new Array(OVERLAP_FEATURES.length).fill(i % 2)]));
    const rubric = { criteria: [{ id: "c", question: "?", steps: stepsOf([0, 1]) }] };
    expect(() => fitLexical(set, measures, rubric, options)).toThrow(/E_LEXICAL_LABELS[\s\S]*got 19 questions/);
    // Items without references do not count.
    expect(() => fitLexical(set, new Map(), rubric, options)).toThrow("got 0 questions");
  });
});

describe.skipIf(!hasShared)("a lexical judge on people's labels", () => {
  it("of MT-RAG: fitted on one model's answers and tested on the other's, criterion by criterion", async () => {
    const path = shared("data/mtrag-human-eval/reference_subset_with_human_evaluations.json");
    const set = await readMtragHumanEval(path);
    const { tasks } = JSON.parse(await readFile(path, "utf8")) as {
      tasks: { task_id: string; targets: { text: string }[] }[];
    };
    const targets = new Map(tasks.map(({ task_id, targets: texts }) => [task_id, texts.map(({ text }) => text)]));
    const references = new Map(set.items.map(({ id }) => [id, targets.get(id.slice(0, id.lastIndexOf(" ")))!]));
    const measures = measuresOf(set.items, references);
    expect(measures.size).toBe(477);
    const models = [...new Set(set.items.map(({ systems }) => systems![0]!))].filter((name) => name !== "reference");
    const rubric = {
      criteria: Array.from(set.criteria, ([id, { scale }]) => ({ id, question: "?", steps: stepsOf(scale) })),
    };
    const tested = new Map<string, string>();
    for (const [train, test] of [models, models.toReversed()] as [string, string][]) {
      const fitted = fitLexical(
        part(set, ({ systems }) => systems![0] === train),
        measures,
        rubric,
        options,
      );
      const rest = part(set, ({ systems }) => systems![0] === test);
      const graded = fitted.map(({ id, feature, ...points }) => {
        const at = OVERLAP_FEATURES.indexOf(feature);
        const { scale, people } = rest.criteria.get(id)!;
        const judge = rest.items.map((item) => scoreAt(points, measures.get(item.id)![at]!));
        return { id, scale, people, judge: [judge] };
      });
      for (const { id, n, figures } of calibrate(rest.items, graded, options).criteria) {
        expect(n).toBe(159);
        tested.set(`${test} ${id}`, formatKappa(figures.quadratic_kappa));
      }
    }
    // Quadratic κ with people on the answers of the model that was not fitted to. Overlap with a reference says something of
    // completeness and of faithfulness, and nothing of naturalness: there the best it can do is one grade for all.
    expect(Object.fromEntries(tested)).toEqual({
      "gpt-4o naturalness": "0.00",
      "gpt-4o appropriateness": "0.08 > -0.10",
      "gpt-4o completeness": "0.44 > 0.25",
      "gpt-4o faithfulness": "0.39 > 0.15",
      "llama-3.1-405b-instruct naturalness": "0.00",
      "llama-3.1-405b-instruct appropriateness": "0.00",
      "llama-3.1-405b-instruct completeness": "0.39 > 0.15",
      "llama-3.1-405b-instruct faithfulness": "0.59 > 0.45",
    });
  }, 60_000);

  it("of OpenQA-eval: containment of an accepted answer agrees with people at κ .506 on all 1,490 rows, a fitted share of its words at .553", async () => {
    const folder = shared("data/openqa-eval-nq");
    const set = await readOpenqaEval(folder);
    const text = await readFile(`${folder}/model_outputs/NQ_FiD.jsonl`, "utf8");
    const accepted = new Map(
      text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { question: string; answer: string[] })
        .map(({ question, answer }) => [question.trim().toLowerCase(), answer]),
    );
    const references = new Map(
      set.items.map(({ id, question }) => [id, accepted.get(question!.trim().toLowerCase())!]),
    );
    const measures = measuresOf(set.items, references);
    expect(measures.size).toBe(1490);
    const people = set.criteria.get("correct")!.people.get("people")!;
    const at = OVERLAP_FEATURES.indexOf("Contains");
    const contained = set.items.map(({ id }) => measures.get(id)![at]!);
    const [found] = coefficientIntervals(tallyGrades([people, contained], [0, 1]), [(tally) => kappaOf(tally)], {
      clusters: questionNumbers(set.items),
      resamples: 500,
      rng: seeded("contains"),
    });
    const figure = figureOf(found!);
    expect(figure).toMatchObject({ n: 1490, value: expect.closeTo(0.5057, 4) });
    const { low, high } = figure as { low: number; high: number };
    expect([low > 0.43, high < 0.58]).toEqual([true, true]);
    const rubric = { criteria: [{ id: "correct", question: "?", steps: stepsOf([0, 1]) }] };
    const [fitted] = fitLexical(set, measures, rubric, options);
    expect(fitted).toMatchObject({ n: 1490, questions: 301, base: 0, cuts: [{ score: 1 }] });
    expect(fitted!.feature).toMatch(/^ROUGE-1\(score=recall/);
    // A share of the reference's words serves better than all of them in a row.
    expect(fitted!.crossValidated.kappa).toMatchObject({ value: expect.closeTo(0.553, 2) });
  }, 60_000);
});
