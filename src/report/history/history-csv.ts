import { field } from "../summary/summary-csv.ts";
import { shownPoints } from "./history-cells.ts";
import type { HistoryPoint, HistoryTable } from "./history-table.ts";

type Value = string | number | undefined;

const HEADS = [
  ...["suite", "system", "protocol", "number", "run", "started", "accepted", "condition", "metric"],
  ...["mean", "low", "high", "level", "n", "failed", "unscored", "refused", "min_effect"],
  ...["change", "kind", "since", "calibration"],
  ...differenceHeads("previous"),
  ...differenceHeads("reference"),
];

function differenceHeads(of: string): string[] {
  return ["run", "difference", "low", "high", "level", "p", "p_holm", "verdict", "more_questions"].map(
    (name) => `${of}_${name}`,
  );
}

/** A series as CSV (RFC 4180) with full precision: a line per run, metric and condition. What is not known is an empty field. */
export function historyCsv(table: HistoryTable): string {
  const { suite, system, protocol } = table;
  const lines = table.metrics.flatMap((metric) =>
    shownPoints(table, metric).map(({ point, run }): Value[] => {
      const { estimate, refused, change } = point;
      const known = estimate.state === "estimated" ? estimate : undefined;
      return [
        ...[suite, system, protocol, point.run, run.run.run, run.startedAt, String(run.accepted)],
        ...[metric.condition, metric.metric, known?.mean, known?.low, known?.high, known?.level],
        ...[estimate.n, estimate.failed, estimate.unscored, refused, metric.minEffect],
        ...[change?.verdict, change?.kind, change?.since, metric.judged?.judge?.calibration.state],
        ...differenceFields(point.previous),
        ...differenceFields(point.reference),
      ];
    }),
  );
  return [HEADS, ...lines].map((line) => `${line.map(field).join(",")}\r\n`).join("");
}

function differenceFields(found: HistoryPoint["previous"]): Value[] {
  if (found === undefined) return differenceHeads("").map(() => undefined);
  const { against, difference, p, pHolm, verdict, moreQuestions } = found;
  const known = difference.state === "estimated" ? difference : undefined;
  return [against, known?.mean, known?.low, known?.high, known?.level, p, pHolm, verdict, moreQuestions];
}
