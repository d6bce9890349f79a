import { printable } from "../../lib/text.ts";
import { shortProtocol } from "../text/format-number.ts";
import { type TextColumn, textTable, wrapText } from "../text/text-table.ts";
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
import type { HistoryMetric, HistoryTable } from "./history-table.ts";

const KEYS = ["run", "started"] as const satisfies readonly (keyof HistoryCells)[];
const COLUMNS = (Object.keys(HISTORY_HEADS) as (keyof HistoryCells)[]).filter((key) => !KEYS.some((k) => k === key));

/** A series for a terminal: plain text, no colour. Text from outside is printable. @param width in cells */
export function historyText(table: HistoryTable, width: number): string {
  const { suite, system, title, protocol, runs, from, notes, others } = table;
  const changes = flaggedChanges(table);
  const lines = (texts: readonly string[]): string => texts.map((text) => wrapText(text, width)).join("\n");
  const parts = [
    [
      `suite     ${printable(suite)}`,
      `system    ${printable(title === undefined ? system : `${title} (${system})`)}`,
      `protocol  ${shortProtocol(protocol)}, ${runs.length} ${runs.length === 1 ? "run" : "runs"}${from > 1 ? `, from #${from} on` : ""}`,
    ].join("\n"),
    ...table.metrics.map((metric) => oneMetric(table, metric, width)),
    changes.length === 0
      ? "no change is shown"
      : ["changes", ...changes.map((change) => `  ${printable(`${change.text}; ${cameWith(change)}`)}`)].join("\n"),
    runLines(table)
      .flatMap(({ name, differences }) => [name, ...differences.map((text) => `  ${text}`)])
      .join("\n"),
    lines([...others.map(otherText), ...interruptedText(table), ...notes.map((note) => `note: ${printable(note)}`)]),
    lines([...judgedTexts(table), ...ruleTexts(table)]),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function oneMetric(table: HistoryTable, metric: HistoryMetric, width: number): string {
  const cells = historyCells(table, metric);
  const column = (key: keyof HistoryCells): TextColumn => ({
    head: HISTORY_HEADS[key],
    align: NUMERIC_CELLS.has(key) ? "right" : "left",
    cells: cells.map((row) => printable(row[key])),
  });
  return `${printable(metricText(metric))}\n${textTable(KEYS.map(column), COLUMNS.map(column), width)}`;
}
