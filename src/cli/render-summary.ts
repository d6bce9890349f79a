import type { Summary } from "../report/summary-types.ts";
import { terminalSummary } from "../report/terminal-summary.ts";
import type { Output } from "./deps.ts";

/** The result tables in a format. */
export function renderSummary(summary: Summary, format: "text" | "markdown" | "csv" | "json", output: Output): string {
  switch (format) {
    case "json":
      return `${JSON.stringify(summary, null, 2)}\n`;
    default:
      return terminalSummary(summary, { columns: output.columns ?? 160, color: output.colour });
  }
}
