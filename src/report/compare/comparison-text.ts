import { printable, truncate } from "../../lib/text.ts";
import { calibrationLines } from "../judged/judged-text.ts";
import { formatCount } from "../text/format-number.ts";
import { type TextColumn, textTable, wrapText } from "../text/text-table.ts";
import {
  COMPARISON_HEADS,
  type ComparisonCells,
  comparisonCells,
  configTexts,
  flipFacts,
  flipSaid,
  footnotes,
  MOST_ANSWER,
  NUMERIC_CELLS,
  remarks,
  runText,
} from "./comparison-cells.ts";
import type { FlipSide, ToldComparison, ToldFlips } from "./tell-flips.ts";

const KEYS = ["metric", "context"] as const satisfies readonly (keyof ComparisonCells)[];
const COLUMNS = (Object.keys(COMPARISON_HEADS) as (keyof ComparisonCells)[]).filter(
  (key) => !KEYS.some((k) => k === key),
);

/** Comparisons for a terminal: plain text, no colour. Text from outside is printable. @param width in cells */
export function comparisonText(comparisons: readonly ToldComparison[], width: number): string {
  return `${comparisons.map((comparison) => one(comparison, width)).join("\n\n")}\n`;
}

function one(comparison: ToldComparison, width: number): string {
  const { metrics, notes, flips } = comparison;
  const rows = metrics.map(comparisonCells);
  const column = (key: keyof ComparisonCells): TextColumn => ({
    head: COMPARISON_HEADS[key],
    align: NUMERIC_CELLS.has(key) ? "right" : "left",
    cells: rows.map((row) => printable(row[key])),
  });
  const config = configTexts(comparison);
  return [
    [
      `baseline   ${printable(runText(comparison.baseline))}`,
      `candidate  ${printable(runText(comparison.candidate))}`,
      `suite      ${printable(comparison.suite)}, ${formatCount(comparison.questions)} questions`,
    ].join("\n"),
    textTable(KEYS.map(column), COLUMNS.map(column), width),
    [
      ...remarks(metrics).map((text) => wrapText(`cannot tell: ${printable(text)}`, width)),
      ...notes.map((note) => wrapText(`note: ${printable(note)}`, width)),
      ...footnotes(comparison).map((text) => wrapText(text, width)),
      ...calibrationLines({ metrics: comparison.judged ?? [] }).map((text) => wrapText(text, width)),
    ].join("\n"),
    config.length === 0
      ? "the systems' configurations do not differ"
      : ["the systems differ in", ...config.map((text) => `  ${text}`)].join("\n"),
    ...flips.map((list) => flipsText(list, width)),
  ].join("\n\n");
}

function flipsText(list: ToldFlips, width: number): string {
  const { metric, condition, worse, better, flips } = list;
  const head = `${printable(metric)} ${printable(condition)}: ${worse} worse, ${better} better; the largest losses first`;
  const more = worse + better - flips.length;
  return [
    wrapText(head, width),
    ...flips.flatMap(({ query, question, references, baseline, candidate }) => [
      "",
      `${printable(query)}  ${cut(question)}`,
      ...(references.length === 0 ? [] : [`  reference  ${references.map(cut).join(" | ")}`]),
      `  baseline   ${sideText(baseline, list)}`,
      `  candidate  ${sideText(candidate, list)}`,
    ]),
    ...(more > 0 ? ["", `${more} more; --most lists more of them`] : []),
  ].join("\n");
}

function sideText(side: FlipSide, { range }: Pick<ToldFlips, "range">): string {
  const said = flipSaid(side);
  return `${flipFacts(side, range)}${said === undefined ? "" : `  ${printable(said)}`}`;
}

function cut(text: string): string {
  return truncate(printable(text), MOST_ANSWER);
}
