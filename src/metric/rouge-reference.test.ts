import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hasShared, shared } from "../lib/testing/shared.ts";
import { porterStem } from "./porter-stem.ts";
import { answerMetric, outcomeOf, sample } from "./testing/metric.ts";

const VARIANTS = ["1", "2", "L", "Lsum"] as const;
const FIGURES = ["precision", "recall", "f"] as const;

function rouge(variant: string, score: string, stem: boolean, answer: string, references: readonly string[]) {
  return outcomeOf(
    answerMetric(`ROUGE-${variant}(score=${score}, stem=${stem})`).compute(sample({ answer, references })),
  );
}

/** rougeX of one text as [[P, R, F] of each variant]. */
type Packed = readonly (readonly number[])[];

function expectPacked(answer: string, references: readonly string[], stem: boolean, expected: Packed, digits: number) {
  VARIANTS.forEach((variant, v) => {
    FIGURES.forEach((figure, f) => {
      const value = rouge(variant, figure, stem, answer, references);
      expect(value, `ROUGE-${variant} ${figure} of ${answer.slice(0, 40)}`).toBeCloseTo(expected[v]![f]!, digits);
    });
  });
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(shared(path), "utf8")) as T;
}

function readJsonl<T>(path: string): T[] {
  const lines = readFileSync(shared(path), "utf8").split("\n");
  return lines.filter((line) => line.trim() !== "").map((line) => JSON.parse(line) as T);
}

interface Case {
  readonly name: string;
  readonly type: string;
  readonly use_stemmer: boolean;
  readonly target: string;
  readonly prediction: string;
  readonly precision: number;
  readonly recall: number;
  readonly fmeasure: number;
  readonly places: number;
}

describe.skipIf(!hasShared)("Google's ROUGE cases, the Perl original's values among them", () => {
  const cases = hasShared ? readJson<{ cases: Case[] }>("data/rouge-golden-google/cases.json").cases : [];

  it("are all there", () => expect(cases.length).toBe(23));

  it.each(cases)("$name", (c) => {
    const figures = { precision: c.precision, recall: c.recall, f: c.fmeasure };
    for (const [figure, expected] of Object.entries(figures)) {
      const value = rouge(c.type.replace("rouge", ""), figure, c.use_stemmer, c.prediction, [c.target]);
      // Given to so many places; half a unit of the last one, and a little for the decimal value's own rounding.
      expect(Math.abs(Number(value) - expected)).toBeLessThanOrEqual(0.51 * 10 ** -c.places);
    }
  });
});

interface TextSet {
  readonly rouge_nostem_first_reference: readonly Packed[];
  readonly rouge_stem_first_reference: readonly Packed[];
  readonly "rouge_nostem_score_multi (max F per type)"?: readonly Packed[];
  readonly "rouge_stem_score_multi (max F per type)"?: readonly Packed[];
  readonly em_max: readonly number[];
  readonly f1_max: readonly number[];
}

type EdgeRow = readonly [string, string, number, number, readonly number[], readonly number[], number];

interface TextReference {
  readonly values: Readonly<Record<string, unknown>>;
}

interface ClapnqRow {
  readonly passages: readonly { readonly sentences: readonly string[] }[];
  readonly output: readonly { readonly answer: string; readonly selected_sentences: readonly string[] }[];
}

describe.skipIf(!hasShared)("text.json: rouge_score 0.1.2 and SQuAD's rules on real answers", () => {
  const values = hasShared ? readJson<TextReference>("reference/text.json").values : {};
  const set = (name: string) => values[name] as TextSet;

  const openqa = (): [string, string[]][] =>
    readJsonl<{ prediction: string; answer: string[] }>(
      "data/openqa-eval-nq/model_outputs/NQ301_text-davinci-003_zeroshot.jsonl",
    )
      .slice(0, 200)
      .map((row) => [row.prediction, row.answer]);
  const clapnq = (pick: (row: ClapnqRow) => readonly string[]): [string, string[]][] =>
    readJsonl<ClapnqRow>("data/clapnq-dev/clapnq_dev_answerable.jsonl")
      .slice(0, 100)
      .map((row) => [pick(row).join("\n"), [row.output[0]!.answer.trim().replace(/(?<=[.!?])\s+/g, "\n")]]);

  const SETS: readonly [string, () => [string, string[]][]][] = [
    ["openqa_davinci_zeroshot_first200", openqa],
    ["clapnq_first100_lead3", () => clapnq((row) => row.passages[0]!.sentences.slice(0, 3))],
    ["clapnq_first100_selected", () => clapnq((row) => row.output[0]!.selected_sentences)],
  ];

  it.each(SETS)("%s: ROUGE against one reference, with and without stemming, to 1e-9", (name, load) => {
    load().forEach(([answer, references], i) => {
      const first = references.slice(0, 1);
      expectPacked(answer, first, false, set(name).rouge_nostem_first_reference[i]!, 9);
      expectPacked(answer, first, true, set(name).rouge_stem_first_reference[i]!, 9);
    });
  });

  it("of several references the one with the highest F counts", () => {
    const expected = set("openqa_davinci_zeroshot_first200");
    openqa().forEach(([answer, references], i) => {
      expectPacked(answer, references, false, expected["rouge_nostem_score_multi (max F per type)"]![i]!, 9);
      expectPacked(answer, references, true, expected["rouge_stem_score_multi (max F per type)"]![i]!, 9);
    });
  });

  it.each(SETS)("%s: EM and F1 to 1e-9", (name, load) => {
    load().forEach(([answer, references], i) => {
      const given = sample({ answer, references });
      expect(outcomeOf(answerMetric("EM").compute(given))).toBe(set(name).em_max[i]);
      expect(outcomeOf(answerMetric("F1").compute(given))).toBeCloseTo(set(name).f1_max[i]!, 9);
    });
  });

  it("edge cases: empty sides, accents, punctuation inside words, articles only, other scripts", () => {
    const key = Object.keys(values).find((name) => name.startsWith("edge_cases"))!;
    const rows = values[key] as readonly EdgeRow[];
    for (const [answer, reference, em, f1, rouge1, rougeL, rougeLStemmed] of rows) {
      const given = sample({ answer, references: [reference] });
      expect(outcomeOf(answerMetric("EM").compute(given)), answer).toBe(em);
      expect(outcomeOf(answerMetric("F1").compute(given)), answer).toBeCloseTo(f1, 9);
      FIGURES.forEach((figure, f) => {
        expect(rouge("1", figure, false, answer, [reference]), answer).toBeCloseTo(rouge1[f]!, 9);
        expect(rouge("L", figure, false, answer, [reference]), answer).toBeCloseTo(rougeL[f]!, 9);
      });
      expect(rouge("L", "f", true, answer, [reference]), answer).toBeCloseTo(rougeLStemmed, 9);
    }
    expect(rows.length).toBe(20);
  });

  it("the stemmer agrees with NLTK's on every word of these texts", () => {
    const changed = new Map(
      Object.entries(values["porter_nltk_default_changed (words >3 letters of the texts above)"] as object),
    );
    const words = new Set<string>();
    for (const [, load] of SETS) {
      for (const [answer, references] of load()) {
        for (const text of [answer, ...references]) {
          for (const word of text.toLowerCase().split(/[^a-z0-9]+/)) if (word.length > 3) words.add(word);
        }
      }
    }
    for (const word of words) expect(porterStem(word), word).toBe(changed.get(word) ?? word);
    expect(words.size).toBe(changed.size + (values.porter_unchanged_count as number));
  });
});

describe.skipIf(!hasShared)("mtrag-human-eval", () => {
  it("the 477 published ROUGE-L values are ours", () => {
    const rows = readJsonl<{ response: string; target: string; RougeL: number }>("data/mtrag-human-eval/flat.jsonl");
    for (const { response, target, RougeL } of rows) {
      expect(rouge("L", "f", false, response, [target])).toBeCloseTo(RougeL, 9);
    }
    expect(rows.length).toBe(477);
  });
});
