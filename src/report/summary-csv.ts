import type { Summary } from "./summary-types.ts";

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
] as const;

/**
 * The tables as CSV (RFC 4180), one line per number, with full precision. A field of text that a spreadsheet would take
 * for a formula begins with an apostrophe. What is not known is an empty field.
 */
export function summaryCsv(summary: Summary): string {
  const lines: (readonly (string | number | undefined)[])[] = [HEADS];
  for (const suite of summary.suites) {
    for (const table of suite.tables) {
      for (const part of table.parts) {
        for (const row of part.rows) {
          for (const cell of row.cells) {
            if (cell === undefined) continue;
            const { estimate, standing, metric, notApplicable } = cell;
            const known = estimate.state === "estimated" ? estimate : undefined;
            const p = standing.kind === "tied" || standing.kind === "behind" ? standing.pHolm : undefined;
            lines.push([
              ...[suite.id, table.protocol, part.kind, row.run.system.id, row.run.run, row.condition, metric],
              ...[known?.mean, known?.low, known?.high, table.level, known?.method],
              ...[row.questions, estimate.n, estimate.failed, estimate.unscored, notApplicable, row.refused],
              ...[standing.kind, p],
            ]);
          }
        }
      }
    }
  }
  return lines.map((fields) => `${fields.map(field).join(",")}\r\n`).join("");
}

export function field(value: string | number | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
