import { truncate } from "../../lib/text.ts";
import { calibrationLines } from "../judged/judged-text.ts";
import { escapeText } from "../summary/summary-markdown.ts";
import { formatCount } from "../text/format-number.ts";
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

const COLUMNS = Object.keys(COMPARISON_HEADS) as (keyof ComparisonCells)[];

/** Comparisons in GitHub's Markdown. Text from outside is escaped: it cannot become markup. */
export function comparisonMarkdown(comparisons: readonly ToldComparison[]): string {
  return `${comparisons.flatMap(one).join("\n\n")}\n`;
}

function one(comparison: ToldComparison): string[] {
  const { baseline, candidate, suite, questions, metrics, notes, flips } = comparison;
  const config = configTexts(comparison);
  return [
    `### ${escapeText(runText(candidate))} against ${escapeText(runText(baseline))}`,
    `Suite ${escapeText(suite)}, ${formatCount(questions)} questions.`,
    table(
      COLUMNS.map((key) => COMPARISON_HEADS[key]),
      COLUMNS.map((key) => NUMERIC_CELLS.has(key)),
      metrics.map((row) => {
        const cells = comparisonCells(row);
        return COLUMNS.map((key) => escapeText(cells[key]));
      }),
    ),
    [
      ...remarks(metrics).map((text) => `- Cannot tell: ${escapeText(text)}`),
      ...notes.map((note) => `- Note: ${escapeText(note)}`),
      ...footnotes(comparison).map((text) => `- ${escapeText(text)}`),
      ...calibrationLines({ metrics: comparison.judged ?? [] }).map((text) => `- ${escapeText(text)}`),
    ].join("\n"),
    config.length === 0
      ? "The systems' configurations do not differ."
      : ["The systems differ in", "", ...config.map((text) => `- ${escapeText(text)}`)].join("\n"),
    ...flips.flatMap(flipsMarkdown),
  ];
}

function flipsMarkdown(list: ToldFlips): string[] {
  const { metric, condition, worse, better, flips } = list;
  const heads = ["question", "reference", "baseline", "candidate"];
  const rows = flips.map(({ query, question, references, baseline, candidate }) => [
    `${escapeText(query)}: ${cut(question)}`,
    references.map(cut).join("; "),
    sideText(baseline, list),
    sideText(candidate, list),
  ]);
  const counts = `${worse} worse, ${better} better${flips.length < worse + better ? `, the first ${flips.length} here` : ""}`;
  return [
    `#### Flips by ${escapeText(metric)}, ${escapeText(condition)}: ${counts}`,
    ...(flips.length > 0
      ? [
          table(
            heads,
            heads.map(() => false),
            rows,
          ),
        ]
      : []),
  ];
}

function sideText(side: FlipSide, { range }: Pick<ToldFlips, "range">): string {
  const said = flipSaid(side);
  return `${flipFacts(side, range)}${said === undefined ? "" : `: ${escapeText(said)}`}`;
}

function cut(text: string): string {
  return escapeText(truncate(text, MOST_ANSWER));
}

function table(heads: readonly string[], numeric: readonly boolean[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(heads), line(numeric.map((right) => (right ? "---:" : "---"))), ...rows.map(line)].join("\n");
}
