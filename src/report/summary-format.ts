import { summaryCsv } from "./summary-csv.ts";
import { summaryMarkdown } from "./summary-markdown.ts";
import type { Summary } from "./summary-types.ts";
import { type TerminalOptions, terminalSummary } from "./terminal-summary.ts";

export const SUMMARY_FORMATS = ["text", "json", "csv", "markdown"] as const;

export type SummaryFormat = (typeof SUMMARY_FORMATS)[number];

/** The tables in one of their formats; `terminal` matters to `text` alone. JSON is the view model as it is. */
export function formatSummary(summary: Summary, format: SummaryFormat, terminal: TerminalOptions): string {
  switch (format) {
    case "text":
      return terminalSummary(summary, terminal);
    case "json":
      return `${JSON.stringify(summary, null, 2)}\n`;
    case "csv":
      return summaryCsv(summary);
    case "markdown":
      return summaryMarkdown(summary);
  }
}
