import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Estimated } from "../../../core/estimate.ts";
import { seeded } from "../../../core/rng.ts";
import { hasShared, shared } from "../../../lib/testing/shared.ts";
import {
  type Coefficient,
  cohenKappa,
  confusionMatrix,
  kendallTau,
  krippendorffAlpha,
  predictionPoweredMean,
  roganGladen,
  spearman,
  systemRanking,
  tallyGrades,
} from "../../../stats/index.ts";
import { type GradedSet, questionNumbers } from "../graded-set.ts";
import { raterSlots } from "../rater-slots.ts";
import { readLlmJudge } from "./llmjudge.ts";
import { MTRAG_CRITERIA, readMtragHumanEval } from "./mtrag.ts";
import { readOpenqaEval } from "./openqa.ts";

const json = (path: string) => JSON.parse(readFileSync(shared(path), "utf8"));
const figure = (coefficient: Coefficient): number => {
  if (coefficient.state !== "estimated") throw new Error(coefficient.reason);
  return coefficient.value;
};

describe.skipIf(!hasShared)("llmjudge-2024", () => {
  it("gives all 165 published values of its 33 judges, to the published decimals", async () => {
    const { items, criteria, notes } = await readLlmJudge(shared("data/llmjudge-2024"));
    expect(items).toHaveLength(4423);
    const { people, judges, scale } = criteria.get("relevance")!;
    const truth = people.get("nist") as number[];
    const cut = (grades: readonly number[], at: number) => grades.map((grade) => (grade >= at ? 1 : 0));
    const published = json("data/llmjudge-2024/expected.json").judges as Record<
      string,
      { published: Record<string, number> }
    >;
    let compared = 0;
    for (const [judge, { published: figures }] of Object.entries(published)) {
      const grades = judges.get(judge) as number[];
      const tally = tallyGrades([truth, grades], scale);
      const ours: Record<string, number> = {
        kappa: figure(cohenKappa(tally)),
        alpha: figure(krippendorffAlpha(tally, "ordinal")),
      };
      for (const [name, at] of [
        ["0|123", 1],
        ["01|23", 2],
        ["012|3", 3],
      ] as const) {
        ours[name] = figure(cohenKappa(tallyGrades([cut(truth, at), cut(grades, at)], [0, 1])));
      }
      for (const [name, value] of Object.entries(ours)) {
        expect(value.toFixed(4).replace("-0.0000", "0.0000"), `${judge} ${name}`).toBe(figures[name]!.toFixed(4));
        compared += 1;
      }
    }
    expect(compared).toBe(165);
    // Two judges wrote grades that are not on the scale.
    expect(notes.map(({ where, got }) => [where.split("/").at(-1), got.split(":")[0]])).toEqual([
      ["RMITIR-llama70B.txt", "2 above"],
      ["h2oloo-zeroshot2.txt", "1 above"],
    ]);
  });
});

describe.skipIf(!hasShared)("mtrag-human-eval", () => {
  const path = shared("data/mtrag-human-eval/reference_subset_with_human_evaluations.json");

  it("gives α per dimension as published, from the published file", async () => {
    const { items, criteria } = await readMtragHumanEval(path);
    expect(items).toHaveLength(477);
    const expected = json("reference/agreement.json").values.mtrag;
    const ordinal: Record<string, string> = {};
    for (const criterion of MTRAG_CRITERIA) {
      const { people, scale } = criteria.get(criterion)!;
      const tally = tallyGrades(raterSlots(people), scale);
      for (const level of ["nominal", "ordinal", "interval"] as const) {
        expect(figure(krippendorffAlpha(tally, level))).toBeCloseTo(expected[criterion].alpha[level], 9);
        // Whose slot a grade takes does not matter.
        expect(figure(krippendorffAlpha(tallyGrades([...people.values()], scale), level))).toBeCloseTo(
          expected[criterion].alpha[level],
          9,
        );
      }
      ordinal[criterion] = figure(krippendorffAlpha(tally, "ordinal")).toFixed(3);
    }
    expect(ordinal).toEqual({
      naturalness: "0.318",
      appropriateness: "0.064",
      completeness: "0.263",
      faithfulness: "0.470",
    });
  });

  it("gives the judges' rank correlations with the mean of people, per dimension", async () => {
    const { items, criteria } = await readMtragHumanEval(path);
    const expected = json("reference/agreement.json").values.mtrag;
    for (const criterion of MTRAG_CRITERIA) {
      const { people, judges } = criteria.get(criterion)!;
      const columns = raterSlots(people);
      const means = items.map((_, i) => {
        // Ascending, as the reference adds them.
        const given = columns.flatMap((column) => column[i] ?? []).sort((a, b) => a - b);
        return given.reduce((a, b) => a + b, 0) / given.length;
      });
      for (const judge of ["rb_llm", "rl_f", "rb_agg", "RougeL"]) {
        const tally = tallyGrades([means, judges.get(judge)!]);
        const { human_mean } = expected[criterion].judge_correlation[judge];
        expect(figure(spearman(tally))).toBeCloseTo(human_mean.spearman, 9);
        expect(figure(kendallTau(tally))).toBeCloseTo(human_mean.kendall_tau_b, 9);
      }
    }
  });

  it("ranks its three systems by people and by judge", async () => {
    const { items, criteria } = await readMtragHumanEval(path);
    const names = [...new Set(items.map(({ systems }) => systems![0]!))];
    expect(names).toHaveLength(3);
    const { people, judges } = criteria.get("faithfulness")!;
    const columns = raterSlots(people);
    const means = items.map((_, i) => {
      const given = columns.flatMap((column) => column[i] ?? []);
      return given.reduce((a, b) => a + b, 0) / given.length;
    });
    const found = systemRanking(
      {
        system: items.map(({ systems }) => names.indexOf(systems![0]!)),
        question: questionNumbers(items),
        people: means,
        judge: judges.get("rl_f") as number[],
      },
      names.length,
      { rng: seeded("mtrag") },
    );
    expect(found.means.map(({ answers }) => answers)).toEqual([159, 159, 159]);
    expect(found.tau.coefficient.state).toBe("estimated");
  });
});

describe.skipIf(!hasShared)("openqa-eval-nq", () => {
  const read = () => readOpenqaEval(shared("data/openqa-eval-nq"));
  const pairOf = ({ criteria }: GradedSet, judge: string) => {
    const { people, judges, scale } = criteria.get("correct")!;
    return tallyGrades([people.get("people")!, judges.get(judge)!], scale);
  };

  it("gives the κ of GPT-4, davinci and BEM with people, each on the rows it has", async () => {
    const set = await read();
    const { kappa, confusion_rows_human_columns_judge } = json("reference/agreement.json").values.openqa_human_vs_gpt4;
    const gpt4 = pairOf(set, "gpt-4");
    expect(confusionMatrix(gpt4)).toMatchObject({ n: 1480, missing: 10, counts: confusion_rows_human_columns_judge });
    expect(figure(cohenKappa(gpt4))).toBeCloseTo(kappa, 9);
    expect(figure(cohenKappa(gpt4)).toFixed(4)).toBe("0.6935");
    expect(cohenKappa(pairOf(set, "BEM"))).toMatchObject({ n: 1481, value: expect.closeTo(0.6148167948720266, 9) });
    expect(cohenKappa(pairOf(set, "text-davinci-003"))).toMatchObject({
      n: 1483,
      value: expect.closeTo(0.672922901940484, 9),
    });
  });

  it("gives the human ceiling: two annotators' κ", async () => {
    const { criteria } = await read();
    const { people } = criteria.get("correct-by-annotator")!;
    const kappa = cohenKappa(tallyGrades([people.get("annotator1")!, people.get("annotator2")!], [0, 1]));
    const expected = json("data/openqa-eval-nq/expected_recomputed.json").annotator1_vs_annotator2;
    expect(kappa).toMatchObject({ n: expected.n, value: expect.closeTo(expected.cohen_kappa, 6) });
  });

  it("says how it read what is odd in the files", async () => {
    const { notes } = await read();
    const told = notes.map(
      ({ where, expected, got }) => `${where.split("/").at(-1)}: ${expected}: ${got.split(",")[0]}`,
    );
    expect(told).toEqual(
      expect.arrayContaining([
        "NQ301_text-davinci-003.tsv: a tab between question and answer: none in 1490 rows",
        "NQ301_gpt-4.tsv: yes or no: neither: 2",
        "NQ301_gpt-4.tsv: answers as in the human file: others: 8",
        "NQ301_text-davinci-003_fewshot-n64.jsonl: predictions that are texts: 16 others",
      ]),
    );
  });

  it("gives every system its labelled answers and its accuracy by people", async () => {
    const { items, criteria } = await read();
    const people = criteria.get("correct")!.people.get("people")!;
    const expected = json("data/openqa-eval-nq/expected_recomputed.json").models as Record<
      string,
      { human_acc: number }
    >;
    for (const [file, { human_acc }] of Object.entries(expected)) {
      const system = file.replace(/^NQ(301)?_/, "");
      const labels = items.flatMap(({ systems }, i) => (systems?.includes(system) ? [people[i]!] : []));
      expect(labels.length, system).toBeGreaterThanOrEqual(274);
      // The recomputed figure divides by all 301, those that nobody labelled included.
      const right = labels.reduce((a, b) => a + b, 0);
      expect(Math.abs(right - (301 * human_acc) / 100), system).toBeLessThanOrEqual(2.001);
    }
  });

  it("corrects GPT-4's accuracy of each system from a tenth of the labels: the intervals hold the full human accuracy", async () => {
    const { items, criteria } = await read();
    const { people, judges } = criteria.get("correct")!;
    const [labels, grades] = [people.get("people")!, judges.get("gpt-4")!];
    const names = [...new Set(items.flatMap(({ systems }) => systems ?? []))];
    expect(names).toHaveLength(12);
    const missed = { ppi: 0, roganGladen: 0, noEstimate: 0 };
    for (const name of names) {
      const rows = items.flatMap(({ systems }, i) =>
        systems?.includes(name) && grades[i] !== undefined ? [{ people: labels[i]!, judge: grades[i]! }] : [],
      );
      const accuracy = rows.reduce((total, row) => total + row.people, 0) / rows.length;
      const rng = seeded(`openqa/${name}`);
      const shuffled = rows.map((row) => ({ ...row, key: rng.float() })).sort((a, b) => a.key - b.key);
      const chosen = shuffled.splice(0, Math.round(rows.length / 10));
      const sample = {
        labelled: { people: chosen.map((row) => row.people), judge: chosen.map((row) => row.judge) },
        unlabelled: { judge: shuffled.map((row) => row.judge) },
      };
      const holds = ({ low, high }: Estimated) => low <= accuracy && accuracy <= high;
      const ppi = predictionPoweredMean(sample, { range: [0, 1] }).corrected;
      if (ppi.state !== "estimated" || !holds(ppi)) missed.ppi += 1;
      const { corrected } = roganGladen(sample, { rng });
      if (corrected.state !== "estimated") missed.noEstimate += 1;
      else if (!holds(corrected)) missed.roganGladen += 1;
    }
    if (process.env.SHOW_COVERAGE) console.log(missed);
    // Of twelve intervals at .95 three or more miss with probability .02.
    expect(missed.ppi).toBeLessThanOrEqual(2);
    expect(missed.roganGladen).toBeLessThanOrEqual(2);
    expect(missed.noEstimate).toBeLessThanOrEqual(2);
  });
});
