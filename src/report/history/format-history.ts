import type { SummaryFormat } from "../summary/summary-formats.ts";
import { historyCsv } from "./history-csv.ts";
import { historyMarkdown } from "./history-markdown.ts";
import type { HistoryTable } from "./history-table.ts";
import { historyText } from "./history-text.ts";

/** A series for people (`text`, `markdown`), programs (`json`) and spreadsheets (`csv`). @param columns width of the terminal in cells */
export function formatHistory(table: HistoryTable, format: SummaryFormat, columns: number): string {
  switch (format) {
    case "text":
      return historyText(table, columns);
    case "markdown":
      return historyMarkdown(table);
    case "json":
      return `${JSON.stringify(onlyShown(table), null, 2)}\n`;
    case "csv":
      return historyCsv(table);
  }
}

/** Runs keep their numbers: those before `from` are named, without their figures. */
function onlyShown(table: HistoryTable): HistoryTable {
  const metrics = table.metrics.map((metric) => ({
    ...metric,
    points: metric.points.filter(({ run }) => run >= table.from),
  }));
  return { ...table, metrics };
}
