import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hasShared, shared } from "../lib/testing/shared.ts";
import { type BleuCounts, bleuCounts, bleuScore } from "./bleu-score.ts";
import { answerMetric, outcomeOf, sample } from "./testing/metric.ts";
import { tokenize13a } from "./tokenize-13a.ts";

interface TextSet {
  readonly sentence_bleu_exp_all_refs: readonly number[];
  readonly chrf_all_refs: readonly number[];
  readonly "chrf++_first_ref": readonly number[];
  readonly sentence_bleu_signature: string;
  readonly chrf_signature: string;
  readonly corpus: Readonly<Record<string, { readonly score: number; readonly signature: string }>>;
}

interface ClapnqRow {
  readonly passages: readonly { readonly sentences: readonly string[] }[];
  readonly output: readonly { readonly answer: string; readonly selected_sentences: readonly string[] }[];
}

type Pair = readonly [answer: string, references: readonly string[]];

function readJsonl<T>(path: string): T[] {
  const lines = readFileSync(shared(path), "utf8").split("\n");
  return lines.filter((line) => line.trim() !== "").map((line) => JSON.parse(line) as T);
}

const openqa = (): Pair[] =>
  readJsonl<{ prediction: string; answer: string[] }>(
    "data/openqa-eval-nq/model_outputs/NQ301_text-davinci-003_zeroshot.jsonl",
  )
    .slice(0, 200)
    .map((row) => [row.prediction, row.answer]);
const clapnq = (pick: (row: ClapnqRow) => readonly string[]): Pair[] =>
  readJsonl<ClapnqRow>("data/clapnq-dev/clapnq_dev_answerable.jsonl")
    .slice(0, 100)
    .map((row) => [pick(row).join("\n"), [row.output[0]!.answer.trim().replace(/(?<=[.!?])\s+/g, "\n")]]);

const score = (name: string, answer: string, references: readonly string[]): number =>
  100 * Number(outcomeOf(answerMetric(name).compute(sample({ answer, references }))));

function summed(pairs: readonly Pair[]): BleuCounts {
  return pairs
    .map(([answer, references]) => bleuCounts(tokenize13a(answer), references.map(tokenize13a)))
    .reduce((a, b) => ({
      answerLength: a.answerLength + b.answerLength,
      referenceLength: a.referenceLength + b.referenceLength,
      total: a.total.map((count, i) => count + b.total[i]!),
      correct: a.correct.map((count, i) => count + b.correct[i]!),
    }));
}

describe.skipIf(!hasShared)("text.json: sacrebleu 2.6.0 on real answers", () => {
  const values = hasShared
    ? (JSON.parse(readFileSync(shared("reference/text.json"), "utf8")) as { values: Record<string, unknown> }).values
    : {};
  const set = (name: string) => values[name] as TextSet;

  describe.each([
    ["openqa_davinci_zeroshot_first200", openqa],
    ["clapnq_first100_lead3", () => clapnq((row) => row.passages[0]!.sentences.slice(0, 3))],
    ["clapnq_first100_selected", () => clapnq((row) => row.output[0]!.selected_sentences)],
  ] as const)("%s", (name, load) => {
    it("BLEU of every answer with all its references, to 1e-9", () => {
      const pairs = load();
      expect(set(name).sentence_bleu_signature).toContain("eff:yes|tok:13a|smooth:exp");
      const ours = pairs.map(([answer, references]) => score("BLEU", answer, references));
      expect(ours.length).toBe(set(name).sentence_bleu_exp_all_refs.length);
      ours.forEach((value, i) => {
        expect(value, pairs[i]![0]).toBeCloseTo(set(name).sentence_bleu_exp_all_refs[i]!, 9);
      });
    });

    it("the counts behind it add up to BLEU of the corpus", () => {
      const pairs = load();
      const first = pairs.map(([answer, references]): Pair => [answer, references.slice(0, 1)]);
      const { corpus } = set(name);
      expect(100 * bleuScore(summed(first), false)).toBeCloseTo(corpus["BLEU first_ref"]!.score, 9);
    });

    it("chrF with all references and chrF++ with the first, to 1e-9", () => {
      expect(set(name).chrf_signature).toContain("eff:yes|nc:6|nw:0|space:no");
      load().forEach(([answer, references], i) => {
        expect(score("chrF", answer, references)).toBeCloseTo(set(name).chrf_all_refs[i]!, 9);
        const first = references.slice(0, 1);
        expect(score("chrF(words=2)", answer, first)).toBeCloseTo(set(name)["chrf++_first_ref"][i]!, 9);
      });
    });
  });

  it("edge cases: empty sides, accents, punctuation inside words, articles only, other scripts", () => {
    const key = Object.keys(values).find((name) => name.startsWith("edge_cases"))!;
    const rows = values[key] as readonly (readonly [string, string, ...unknown[]])[];
    for (const row of rows) {
      const [answer, reference] = row;
      const [bleu, chrf] = row.slice(-2) as [number, number];
      expect(score("BLEU", answer, [reference]), `BLEU of ${answer}`).toBeCloseTo(bleu, 9);
      expect(score("chrF", answer, [reference]), `chrF of ${answer}`).toBeCloseTo(chrf, 9);
    }
    expect(rows.length).toBe(20);
  });
});
