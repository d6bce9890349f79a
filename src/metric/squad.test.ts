import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hasShared, shared } from "../lib/testing/shared.ts";
import type { AnswerSample } from "./define.ts";
import { answerMetric, outcomeOf, sample } from "./testing/metric.ts";

interface Question {
  readonly id: string;
  readonly answers: readonly { readonly text: string }[];
  readonly plausible_answers?: readonly { readonly text: string }[];
  readonly is_impossible: boolean;
}

interface Run {
  readonly official_squad_v2: Readonly<Record<string, number>>;
  readonly refusal?: Readonly<Record<string, number | null>>;
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(shared(path), "utf8")) as T;
}

const FOLDER = "data/squad2-half-dev";

describe.skipIf(!hasShared)("squad2-half-dev: the official SQuAD 2 scorer's values", () => {
  const questions: Question[] = hasShared
    ? readJson<{ data: { paragraphs: { qas: Question[] }[] }[] }>(`${FOLDER}/dev-v2.0.json`).data.flatMap((article) =>
        article.paragraphs.flatMap((paragraph) => paragraph.qas),
      )
    : [];
  const expected = hasShared ? readJson<{ runs: Record<string, Run> }>(`${FOLDER}/expected.json`).runs : {};

  /** The empty prediction is a refusal in these files. */
  const toSample = (q: Question, prediction: string): AnswerSample => ({
    answer: prediction,
    refused: prediction === "",
    references: q.is_impossible ? undefined : q.answers.map((a) => a.text),
    answerable: !q.is_impossible,
  });
  const normal = (text: string) => /[\p{L}\p{N}]/u.test(text);

  const predictions = (name: string): ((q: Question) => string) => {
    if (name === "all_empty") return () => "";
    const golds = (q: Question) => q.answers.map((a) => a.text).filter(normal);
    if (name === "first_gold") return (q) => golds(q)[0] ?? "";
    if (name === "last_gold_or_plausible")
      return (q) => q.answers.at(-1)?.text ?? q.plausible_answers?.[0]?.text ?? "x";
    if (name === "mixed_threshold_0.5") {
      const mixed = readJson<Record<string, string>>(`${FOLDER}/predictions_mixed.json`);
      const noAnswer = (id: string) =>
        (Number.parseInt(createHash("sha1").update(`${id}na`).digest("hex").slice(0, 8), 16) % 1000) / 1000;
      return (q) => (noAnswer(q.id) > 0.5 ? "" : mixed[q.id]!);
    }
    const file = `${FOLDER}/predictions_${name}.json`;
    expect(existsSync(shared(file))).toBe(true);
    const given = readJson<Record<string, string>>(file);
    return (q) => given[q.id]!;
  };

  const percent = (name: string, samples: readonly AnswerSample[]): { value: number; n: number } => {
    const metric = answerMetric(name);
    const outcomes = samples.map((s) => outcomeOf(metric.compute(s))).filter((v) => typeof v === "number");
    return { value: (100 * outcomes.reduce((a, b) => a + b, 0)) / outcomes.length, n: outcomes.length };
  };

  it.each(Object.keys(expected))("%s: EM and F1, of all, answerable and unanswerable", (name) => {
    const official = expected[name]!.official_squad_v2;
    const predict = predictions(name);
    const samples = questions.map((q) => toSample(q, predict(q)));
    for (const [prefix, of] of [
      ["", samples],
      ["HasAns_", samples.filter((s) => s.answerable)],
      ["NoAns_", samples.filter((s) => !s.answerable)],
    ] as const) {
      const [em, f1] = [percent("EM", of), percent("F1", of)];
      expect(em.n).toBe(official[`${prefix}total`]);
      expect(em.value).toBeCloseTo(official[`${prefix}exact`]!, 5);
      expect(f1.value).toBeCloseTo(official[`${prefix}f1`]!, 5);
    }
  });

  it.each(Object.keys(expected).filter((name) => expected[name]!.refusal))(
    "%s: refusal precision and recall",
    (name) => {
      const refusal = expected[name]!.refusal!;
      const predict = predictions(name);
      const samples = questions.map((q) => toSample(q, predict(q)));
      const precision = percent("RefusalPrecision", samples);
      expect(precision.n).toBe(refusal["refuse_when_unanswerable(tp)"]! + refusal["refuse_when_answerable(fp)"]!);
      if (refusal.refusal_precision === null) expect(precision.n).toBe(0);
      else expect(precision.value / 100).toBeCloseTo(refusal.refusal_precision!, 6);
      expect(percent("RefusalRecall", samples).value / 100).toBeCloseTo(refusal.refusal_recall!, 6);
      expect(percent("FalseAnswer", samples).value).toBeCloseTo(100 - 100 * refusal.refusal_recall!, 3);
      const { "answer_when_answerable(tn)": tn, "refuse_when_answerable(fp)": fp } = refusal;
      expect(percent("OverRefusal", samples).value / 100).toBeCloseTo(fp! / (fp! + tn!), 9);
    },
  );

  it("mixed: EM and F1 of every question", () => {
    const each = readJson<Record<string, [number, number]>>(`${FOLDER}/predictions_mixed_per_question.json`);
    const predict = predictions("mixed");
    for (const q of questions) {
      const given = toSample(q, predict(q));
      expect(outcomeOf(answerMetric("EM").compute(given)), q.id).toBe(each[q.id]![0]);
      expect(outcomeOf(answerMetric("F1").compute(given)), q.id).toBeCloseTo(each[q.id]![1], 6);
    }
    expect(questions.length).toBe(6078);
  });
});

describe.skipIf(!hasShared)("openqa-eval-nq: the published EM and F1 of twelve systems", () => {
  interface Row {
    readonly prediction: string | readonly unknown[];
    readonly answer: readonly string[];
  }
  const models = hasShared
    ? readJson<{ models: Record<string, { n_all: number; EM_all: number; F1_all: number }> }>(
        "data/openqa-eval-nq/expected_recomputed.json",
      ).models
    : {};
  /** Some few-shot predictions are lists; the published figures take their first item. */
  const mean = (name: string, rows: readonly Row[]) => {
    const metric = answerMetric(name);
    const values = rows.map(({ prediction, answer }) => {
      const given = typeof prediction === "string" ? prediction : String(prediction[0]);
      return Number(outcomeOf(metric.compute(sample({ answer: given, references: answer }))));
    });
    return (100 * values.reduce((a, b) => a + b, 0)) / values.length;
  };
  const load = (model: string) =>
    readFileSync(shared(`data/openqa-eval-nq/model_outputs/${model}.jsonl`), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Row);

  it.each(Object.entries(models))("%s", (model, { n_all, EM_all, F1_all }) => {
    const rows = load(model);
    expect(rows.length).toBe(n_all);
    expect(mean("EM(squad=1)", rows)).toBeCloseTo(EM_all, 5);
    expect(mean("F1(squad=1)", rows)).toBeCloseTo(F1_all, 5);
  });

  it("SQuAD 2 drops the references that normalise to nothing, which moves one question", () => {
    const rows = load("NQ_FiD");
    expect(mean("EM(squad=1)", rows) - mean("EM", rows)).toBeCloseTo(100 / 3610, 9);
  });
});
