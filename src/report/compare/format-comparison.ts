import type { SummaryFormat } from "../summary/summary-formats.ts";
import { comparisonCsv } from "./comparison-csv.ts";
import { comparisonMarkdown } from "./comparison-markdown.ts";
import { comparisonText } from "./comparison-text.ts";
import type { ToldComparison } from "./tell-flips.ts";

export interface ComparisonFormatOptions {
  /** Width of the terminal in cells; matters to `text` alone. */
  readonly columns: number;
  /** Whether flips were asked for: CSV, which holds one table, then holds them. */
  readonly flips: boolean;
}

/** Comparisons for people (`text`, `markdown`), programs (`json`, an array) and spreadsheets (`csv`); ends in a new line. */
export function formatComparison(
  comparisons: readonly ToldComparison[],
  format: SummaryFormat,
  { columns, flips }: ComparisonFormatOptions,
): string {
  switch (format) {
    case "text":
      return comparisonText(comparisons, columns);
    case "markdown":
      return comparisonMarkdown(comparisons);
    case "json":
      return `${JSON.stringify(comparisons, null, 2)}\n`;
    case "csv":
      return comparisonCsv(comparisons, flips);
  }
}
