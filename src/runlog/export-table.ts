import type { Outcome } from "../core/outcome.ts";
import type { Cells, Column } from "../lib/table/column.ts";
import type { Formulas } from "../lib/table/csv-table.ts";
import { openTable, type TableFormat } from "../lib/table/open-table.ts";
import { resultsByQuestion } from "./export-results.ts";
import type { Manifest, QuestionRecord, ResultLine } from "./schema.ts";
import { groupOf } from "./slots.ts";

const COLUMNS = [
  { name: "query", type: "text" },
  { name: "question", type: "text" },
  { name: "answers", type: "texts" },
  { name: "answerable", type: "boolean" },
  { name: "document", type: "text" },
  { name: "condition", type: "text" },
  { name: "trial", type: "integer" },
  { name: "state", type: "text" },
  { name: "answer", type: "text" },
  { name: "refused_by", type: "text" },
  { name: "finish", type: "text" },
  { name: "failure", type: "text" },
  { name: "message", type: "text" },
  { name: "passages", type: "texts" },
  { name: "scores", type: "json" },
  { name: "ms", type: "number" },
  { name: "first_token_ms", type: "number" },
  { name: "timing", type: "text" },
  { name: "prompt_tokens", type: "integer" },
  { name: "completion_tokens", type: "integer" },
  { name: "confidence", type: "number" },
  { name: "usd", type: "number" },
  { name: "cost_basis", type: "text" },
  { name: "cached_from", type: "text" },
  { name: "raw", type: "text" },
] as const satisfies readonly Column[];

/**
 * Writes a run as a table: a row per question, condition (`retrieval` for the ranking) and trial, in the plan's order.
 * `state` is retrieved, answered, refused, undecided (a judge has yet to say) or failed. Each metric has two columns: its value, and under `<metric> state`
 * why there is one or none: scored, failed (the value is the floor), not-applicable, no-gold, judge-failed, not-judged.
 */
export async function exportTable(
  dir: string,
  manifest: Manifest,
  path: string,
  format: TableFormat,
  formulas: Formulas,
): Promise<void> {
  const { metrics } = manifest;
  const ofMetrics = metrics.flatMap((name): Column[] => [
    { name, type: "number" },
    { name: `${name} state`, type: "text" },
  ]);
  const table = await openTable(path, format, [...COLUMNS, ...ofMetrics], formulas);
  try {
    for await (const { question, results } of resultsByQuestion(dir)) {
      for (const line of results) await table.write([...resultCells(question, line), ...metricCells(line, metrics)]);
    }
  } finally {
    await table.close();
  }
}

function resultCells({ id, text, answers, answerable, document }: QuestionRecord, line: ResultLine): Cells {
  const cells: Partial<Record<(typeof COLUMNS)[number]["name"], unknown>> = {
    query: id,
    question: text,
    answers,
    answerable,
    document,
    condition: groupOf(line),
    trial: line.trial,
    ...detailCells(line),
  };
  return COLUMNS.map(({ name }) => cells[name]);
}

function detailCells(line: ResultLine): Partial<Record<(typeof COLUMNS)[number]["name"], unknown>> {
  if (line.kind === "failure") return { state: "failed", failure: line.code, message: line.message };
  const { ms, firstTokenMs, source } = line.timing;
  const timing = { ms, first_token_ms: firstTokenMs, timing: source };
  if (line.kind === "retrieval") {
    const passages = line.ranking.map(([id]) => id);
    return { state: "retrieved", passages, scores: line.ranking.map(([, score]) => score), ...timing };
  }
  return {
    state: line.undecided ? "undecided" : line.refused ? "refused" : "answered",
    answer: line.text,
    refused_by: line.refused ? line.refusedBy : undefined,
    finish: line.finish,
    passages: line.context,
    ...timing,
    prompt_tokens: line.usage?.promptTokens,
    completion_tokens: line.usage?.completionTokens,
    confidence: line.confidence,
    usd: line.cost?.usd,
    cost_basis: line.cost?.basis,
    cached_from: line.cachedFrom?.run,
    raw: line.raw,
  };
}

function metricCells(line: ResultLine, metrics: readonly string[]): Cells {
  const outcomes = new Map<string, Outcome>(Object.entries(line.outcomes));
  return metrics.flatMap((metric): Cells => {
    const outcome = outcomes.get(metric);
    if (outcome === undefined) return [undefined, undefined];
    if (outcome.state === "unscored") return [undefined, outcome.reason];
    return [outcome.value, line.kind === "failure" ? "failed" : "scored"];
  });
}
