import { readFileSync } from "node:fs";
import { shared } from "../../lib/testing/shared.ts";
import { parseMetric } from "../../metric/index.ts";
import { RETRIEVAL } from "../../runlog/index.ts";
import { significance } from "../../stats/testing/significance.ts";

/** Two systems' scores of the same real questions. */
export interface RealPairs {
  readonly name: string;
  readonly kind: string;
  /** Where the metrics belong: `retrieval` or a condition. */
  readonly condition: string;
  readonly metrics: ReadonlyMap<string, { readonly a: readonly number[]; readonly b: readonly number[] }>;
}

/** EM and F1 of two readers on 3,610 questions of NQ, and four measures of two rankings of cranfield's 225. */
export function realPairs(): RealPairs[] {
  const nq = new Map(
    ["EM", "F1"].map((metric) => [
      metric,
      { a: readerScores("NQ_R2D2", metric), b: readerScores("NQ_FiD-KD", metric) },
    ]),
  );
  const { bm25, second } = significance().scores;
  const cranfield = new Map(Object.keys(bm25).map((metric) => [metric, { a: bm25[metric]!, b: second[metric]! }]));
  const one = (from: typeof nq, metric: string) => new Map([[metric, from.get(metric)!]]);
  return [
    { name: "EM of NQ", kind: "binary", condition: "rag@3", metrics: one(nq, "EM") },
    { name: "RR of cranfield", kind: "ordinal", condition: RETRIEVAL, metrics: one(cranfield, "RR") },
    { name: "F1 of NQ", kind: "continuous, with ties", condition: "rag@3", metrics: one(nq, "F1") },
    { name: "nDCG@10 of cranfield", kind: "continuous", condition: RETRIEVAL, metrics: one(cranfield, "nDCG@10") },
    { name: "all four of cranfield", kind: "a gate of four", condition: RETRIEVAL, metrics: cranfield },
  ];
}

function readerScores(system: string, metric: string): number[] {
  const parsed = parseMetric(metric);
  if (!parsed.ok || parsed.metric.kind !== "answer") throw new Error(metric);
  const { compute } = parsed.metric;
  const lines = readFileSync(shared(`data/openqa-eval-nq/model_outputs/${system}.jsonl`), "utf8").split("\n");
  return lines
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const { prediction, answer } = JSON.parse(line) as { prediction: string; answer: string[] };
      const outcome = compute({ answer: prediction, refused: false, references: answer, answerable: true });
      if (outcome.state !== "scored") throw new Error(outcome.detail);
      return outcome.value;
    });
}
