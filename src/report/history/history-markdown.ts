import { escapeText } from "../summary/summary-markdown.ts";
import { shortProtocol } from "../text/format-number.ts";
import {
  cameWith,
  flaggedChanges,
  HISTORY_HEADS,
  type HistoryCells,
  historyCells,
  interruptedText,
  judgedTexts,
  metricText,
  NUMERIC_CELLS,
  otherText,
  ruleTexts,
  runLines,
} from "./history-cells.ts";
import type { HistoryTable } from "./history-table.ts";

const COLUMNS = Object.keys(HISTORY_HEADS) as (keyof HistoryCells)[];

/** A series in GitHub's Markdown. Text from outside is escaped: it cannot become markup. */
export function historyMarkdown(table: HistoryTable): string {
  const { suite, system, title, protocol, runs, others, notes } = table;
  const changes = flaggedChanges(table);
  const list = (texts: readonly string[]): string => texts.map((text) => `- ${escapeText(text)}`).join("\n");
  const parts = [
    `### ${escapeText(title ?? system)} on ${escapeText(suite)}`,
    `${runs.length} ${runs.length === 1 ? "run" : "runs"} of protocol ${escapeText(shortProtocol(protocol))}.`,
    changes.length === 0 ? "No change is shown." : list(changes.map((change) => `${change.text}; ${cameWith(change)}`)),
    ...table.metrics.flatMap((metric) => [
      `#### ${escapeText(metricText(metric))}`,
      [
        row(COLUMNS.map((key) => HISTORY_HEADS[key])),
        row(COLUMNS.map((key) => (NUMERIC_CELLS.has(key) ? "---:" : "---"))),
        ...historyCells(table, metric).map((cells) => row(COLUMNS.map((key) => escapeText(cells[key])))),
      ].join("\n"),
    ]),
    list(
      runLines(table).map(
        ({ name, differences }) => `${name}${differences.length > 0 ? `: ${differences.join("; ")}` : ""}`,
      ),
    ),
    list([...others.map(otherText), ...interruptedText(table), ...notes.map((note) => `Note: ${note}`)]),
    list([...judgedTexts(table), ...ruleTexts(table)]),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
