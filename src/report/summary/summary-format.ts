import type { Summary } from "../summary-types.ts";
import { summaryCsv } from "./summary-csv.ts";
import type { SummaryFormat } from "./summary-formats.ts";
import { summaryMarkdown } from "./summary-markdown.ts";
import { type TerminalOptions, terminalSummary } from "./terminal-summary.ts";

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
