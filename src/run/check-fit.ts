import { type Suite, type System, saysTheSame } from "../config/index.ts";
import { formatCondition } from "../core/condition.ts";
import type { Problem } from "../core/problem.ts";
import type { Metric } from "../metric/index.ts";
import type { Questions } from "./load-questions.ts";

export interface FitInput {
  readonly suite: Suite;
  readonly system: System;
  readonly questions: Questions;
  /** Size of the corpus. */
  readonly passages: number;
  readonly metrics: readonly Metric[];
}

/** Whether a suite can be measured on a system: what makes it impossible, and what is possible but may not be meant. */
export function checkFit({ suite, system, questions, passages, metrics }: FitInput): {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
} {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const { retriever, generator } = system.config;
  const { traits } = questions.records;
  const ranking = metrics.filter((m) => m.kind === "ranking").map((m) => m.name);
  const answer = metrics.filter((m) => m.kind === "answer").map((m) => m.name);
  const rag = suite.conditions.filter((c) => c.kind === "rag");
  const say = (list: Problem[], code: string, expected: string, got: string, fix: string) =>
    list.push({ code, where: suite.file, expected, got, fix });

  if (answer.length > 0 && generator === undefined) {
    const fix = `run a suite of ${ranking.join(", ") || "ranking metrics"} alone, or add a generator to ${system.file}`;
    say(problems, "E_SUITE", "a system with a generator", `none, for the answer metrics ${answer.join(", ")}`, fix);
  }
  if (ranking.length > 0 && retriever === undefined) {
    const fix = `run a suite of ${answer.join(", ") || "answer metrics"} alone, or add a retriever to ${system.file}`;
    say(problems, "E_SUITE", "a system with a retriever", `none, for the ranking metrics ${ranking.join(", ")}`, fix);
  }
  if (generator !== undefined && answer.length > 0 && rag.length > 0 && retriever === undefined) {
    const got = `none, for the conditions ${rag.map(formatCondition).join(", ")}`;
    say(problems, "E_SUITE", "a system with a retriever", got, "keep oracle and closed-book only, or add a retriever");
  }
  // A replayed ranking alone can be scored without the texts of what it ranks.
  const searches = retriever !== undefined && retriever.kind !== "replay";
  if (passages === 0 && (searches || (answer.length > 0 && rag.length > 0))) {
    const fix = "add passages to its corpus.jsonl, or measure answer metrics under closed-book alone";
    say(problems, "E_SUITE", "a dataset with passages to retrieve", "an empty corpus", fix);
  }

  const strict = metrics.flatMap((m) => (m.kind === "ranking" && m.gold === "strict" ? [m.name] : []));
  if (strict.length > 0 && !traits.spans) {
    const got = `whole passages, for ${strict.join(", ")}`;
    const fix = `leave gold=strict out: judged passages are the same by both rules; or add qrels/${questions.split}.spans.jsonl`;
    say(problems, "E_SUITE", "gold that is given as spans", got, fix);
  }

  if (generator?.kind === "openai" && generator.hedge && !saysTheSame(generator)) {
    warnings.push({
      code: "W_HEDGE_SAMPLING",
      where: `${system.file} /generator/hedge`,
      expected: "two requests that have the same answer",
      got: `temperature ${generator.temperature} without a seed: the faster of two answers is kept, which may favour short ones`,
      fix: "set temperature: 0 or a seed, or leave hedge out",
    });
  }
  if (generator !== undefined && answer.length === 0) {
    const fix = "add a metric such as EM or F1 to have answers asked and scored";
    say(warnings, "W_NO_ANSWERS", "answer metrics for a system with a generator", "none, so no answer is asked", fix);
  }
  for (const { k } of rag.filter((c) => c.k > passages)) {
    say(warnings, "W_K_CORPUS", `k up to the corpus's ${passages} passages`, `rag@${k}`, `lower k to ${passages}`);
  }
  const byDocument = metrics.filter((m) => m.kind === "ranking" && m.gold === "document").length;
  const none = `none of the ${questions.records.length} questions`;
  if (ranking.length > byDocument && !traits.judgements) {
    const { split } = questions;
    const fix = traits.answerable
      ? `add qrels/${split}.tsv, or measure by document, R(gold=document)@5, what qrels/${split}.documents.tsv judges; ranking metrics stay unscored without`
      : "leave the ranking metrics out: they say nothing of unanswerable questions";
    say(warnings, "W_NO_GOLD", "questions with judged passages", none, fix);
  }
  if (byDocument > 0 && traits.answerable && !traits.documentJudgements) {
    const fix = `add qrels/${questions.split}.documents.tsv; metrics with gold=document stay unscored without it`;
    say(warnings, "W_NO_GOLD", "questions with judged documents", none, fix);
  }
  if (suite.config.cluster === "document" && !traits.document) {
    const fix = 'give the questions a "document", or set cluster: none';
    say(warnings, "W_NO_CLUSTERS", "questions that name their document", "none", fix);
  }
  return { problems, warnings };
}
