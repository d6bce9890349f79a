import { escapeFormula } from "../../lib/table/csv-formula.ts";
import type { Interval } from "../../stats/index.ts";
import { binsText } from "../judged/grade-distribution.ts";
import { latencyLines } from "../latency/latency-lines.ts";
import type { Cell, MetricHead, Row, Summary } from "../summary-types.ts";

const HEADS = [
  "suite",
  "protocol",
  "part",
  "system",
  "run",
  "condition",
  "metric",
  "mean",
  "low",
  "high",
  "level",
  "method",
  "questions",
  "n",
  "failed",
  "unscored",
  "not_applicable",
  "refused",
  "standing",
  "p_holm",
  "calibration",
  "worst",
  "best",
  "variance",
  "p90",
  "grades",
  "corrected",
  "corrected_low",
  "corrected_high",
  "labels",
  "not_judged",
  "no_verdict",
] as const;

/**
 * The tables as CSV (RFC 4180), one line per number, with full precision. A field of text that a spreadsheet would take
 * for a formula begins with an apostrophe. What is not known is an empty field. The ten fields from `calibration` are of judges: `worst` and
 * `best` is what unscored answers allow, `grades` counts answers by grade. `not_judged` and `no_verdict` count the answers of which a
 * judge that decides about refusals has not said whether they are any. The parts `gain` and `loss` hold
 * differences: rag@k − closed-book and oracle − rag@k.
 */
export function summaryCsv(summary: Summary): string {
  const lines: (readonly (string | number | undefined)[])[] = [HEADS];
  for (const suite of summary.suites) {
    for (const table of suite.tables) {
      for (const part of table.parts) {
        for (const row of part.rows) {
          for (const [at, cell] of row.cells.entries()) {
            if (cell === undefined) continue;
            const { estimate, standing, metric, notApplicable } = cell;
            const known = estimate.state === "estimated" ? estimate : undefined;
            const p = standing.kind === "tied" || standing.kind === "behind" ? standing.pHolm : undefined;
            lines.push([
              ...[suite.id, table.protocol, part.kind, row.run.system.id, row.run.run, row.condition, metric],
              ...[known?.mean, known?.low, known?.high, table.level, known?.method],
              ...[row.questions, estimate.n, estimate.failed, estimate.unscored, notApplicable, row.refused],
              ...[standing.kind, p],
              ...judgedFields(cell, part.metrics[at]!),
              ...[row.notJudged, row.noVerdict],
            ]);
          }
          for (const { metric, value, low, high, method, n } of row.alone ? latencyLines(row.alone) : []) {
            lines.push([
              ...[suite.id, table.protocol, part.kind, row.run.system.id, row.run.run, row.condition, metric],
              ...[value, low, high, method === "order-statistics" ? table.level : undefined, method],
              ...[row.questions, n, undefined, undefined, undefined, undefined, undefined, undefined],
            ]);
          }
          for (const { metric, value, interval, n } of costLines(row)) {
            lines.push([
              ...[suite.id, table.protocol, part.kind, row.run.system.id, row.run.run, row.condition, metric],
              ...[value, interval?.low, interval?.high, table.level, interval && "ratio-log-t"],
              ...[row.questions, n, undefined, row.cost?.unknown],
              ...[undefined, undefined, undefined, undefined],
            ]);
          }
        }
      }
      for (const { kind, system, run, condition, metric, difference, pHolm } of table.effects) {
        const known = difference.state === "estimated" ? difference : undefined;
        lines.push([
          ...[suite.id, table.protocol, kind, system, run, condition, metric],
          ...[known?.mean, known?.low, known?.high, table.level, known?.method],
          ...[table.dataset.queries, difference.n, difference.failed, difference.unscored, undefined, undefined],
          ...[undefined, pHolm],
        ]);
      }
    }
  }
  return lines.map((fields) => `${HEADS.map((_, at) => field(fields[at])).join(",")}\r\n`).join("");
}

function judgedFields({ judged }: Cell, { judge }: MetricHead): (string | number | undefined)[] {
  if (judged === undefined) return [judge?.calibration.state, ...new Array<undefined>(9)];
  const { grades, bounds, corrected } = judged;
  const figure = corrected && "value" in corrected.corrected ? corrected.corrected : undefined;
  return [
    ...[
      judge?.calibration.state,
      bounds?.worst,
      bounds?.best,
      grades?.variance,
      grades?.p90,
      grades && binsText(grades),
    ],
    ...[figure?.value, figure?.low, figure?.high, corrected?.labels],
  ];
}

/** Costs as lines of their own: the total of the known ones, and the rates. */
function costLines({ cost }: Row): { metric: string; value: number; interval?: Interval | undefined; n: number }[] {
  if (cost === undefined || cost.per1000 === undefined) return [];
  const { known, usd, per1000, perRight } = cost;
  return [
    { metric: "usd", value: usd, n: known },
    { metric: "usd per 1000 questions", value: per1000.usd, interval: per1000.interval, n: known },
    ...perRight.map(({ metric, usd: value, interval, n }) => ({
      metric: `usd per right answer (${metric})`,
      value,
      interval,
      n,
    })),
  ];
}

export function field(value: string | number | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = escapeFormula(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
