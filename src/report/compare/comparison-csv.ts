import { field } from "../summary/summary-csv.ts";
import type { ToldComparison } from "./tell-flips.ts";

type Value = string | number | undefined;

const RUNS = ["suite", "baseline", "baseline_run", "candidate", "candidate_run", "condition", "metric"];
const FIGURES = [
  ...[
    "baseline_mean",
    "candidate_mean",
    "difference",
    "low",
    "high",
    "level",
    "method",
    "p",
    "p_holm",
    "n",
    "unpaired",
  ],
  ...["wins", "ties", "losses", "min_effect", "verdict", "more_questions", "calibration"],
];
const FLIPS = [
  ...["query", "baseline_value", "candidate_value", "baseline_gold_rank", "candidate_gold_rank"],
  ...["question", "reference", "baseline_state", "baseline_text", "candidate_state", "candidate_text"],
];

/**
 * Comparisons as CSV (RFC 4180) with full precision: one line per metric and condition, or, with flips, one per question that
 * flipped. What is not known is an empty field; a field that a spreadsheet would take for a formula begins with an apostrophe.
 */
export function comparisonCsv(comparisons: readonly ToldComparison[], flips: boolean): string {
  const lines: (readonly Value[])[] = [[...RUNS, ...(flips ? FLIPS : FIGURES)]];
  for (const comparison of comparisons) {
    const { suite, baseline, candidate } = comparison;
    const runs = [suite, baseline.system, baseline.run, candidate.system, candidate.run];
    lines.push(...(flips ? flipLines(comparison) : figureLines(comparison)).map((line) => [...runs, ...line]));
  }
  return lines.map((line) => `${line.map(field).join(",")}\r\n`).join("");
}

function figureLines({ metrics, judged = [] }: ToldComparison): Value[][] {
  const states = new Map(judged.map(({ name, judge }) => [name, judge?.calibration.state]));
  return metrics.map((row) => {
    const known = row.difference.state === "estimated" ? row.difference : undefined;
    return [
      ...[row.condition, row.metric, row.baseline.mean, row.candidate.mean],
      ...[known?.mean, known?.low, known?.high, known?.level, known?.method],
      ...[row.p, row.pHolm, row.difference.n, row.unpaired, row.wins, row.ties, row.losses],
      ...[row.minEffect, row.verdict, row.moreQuestions, states.get(row.metric)],
    ];
  });
}

function flipLines({ flips }: ToldComparison): Value[][] {
  return flips.flatMap(({ condition, metric, flips: listed }) =>
    listed.map(({ query, question, references, baseline, candidate }) => [
      ...[
        condition,
        metric,
        query,
        baseline.value,
        candidate.value,
        baseline.goldRank ?? undefined,
        candidate.goldRank ?? undefined,
      ],
      ...[question, references[0], baseline.state, baseline.text, candidate.state, candidate.text],
    ]),
  );
}
