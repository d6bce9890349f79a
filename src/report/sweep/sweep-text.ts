import { printable } from "../../lib/text.ts";
import { textBars } from "../summary/text-bars.ts";
import { formatCount, formatEstimate, formatLevel } from "../text/format-number.ts";
import { type TextColumn, textTable, wrapText } from "../text/text-table.ts";
import { recommend } from "./recommend.ts";
import type { SweepTable } from "./sweep-table.ts";

/** Comparisons that are written out; `csv` and `json` have all. */
const MOST_EVIDENCE = 20;
const MARKS = { best: "*", tied: "~", behind: " ", unranked: " " } as const;

/** The table of a sweep with a chart of the column that cells are chosen by, and what it recommends. */
export function sweepText(table: SweepTable, width: number): string {
  const { rows, axes, columns, chosenBy, level } = table;
  const { advice, evidence, cautions } = recommend(table);
  const chosen = columns[chosenBy]!;
  const keys = axes.map((axis, at): TextColumn => {
    const cells = rows.map(({ settings }) => printable(settings[at]!));
    return { head: printable(axis), align: cells.every((x) => Number.isFinite(Number(x))) ? "right" : "left", cells };
  });
  const chart = textBars(rows.map(({ estimates }) => estimates[chosenBy]!));
  const body = columns.flatMap(({ name, head }, at): TextColumn[] => [
    {
      head: name,
      align: "left",
      cells: rows.map(({ estimates, standing }) => {
        const text = formatEstimate(estimates[at]!, head.range);
        return at === chosenBy ? `${text} ${MARKS[standing.kind]}` : text;
      }),
    },
    ...(at === chosenBy ? [{ head: "", align: "left" as const, cells: chart }] : []),
  ]);
  const cut = new Set(rows.map(({ passages }) => passages)).size > 1;
  const counts: TextColumn[] = [
    ...(cut
      ? [
          countColumn(
            "passages",
            rows.map(({ passages }) => passages),
          ),
        ]
      : []),
    countColumn(
      "n",
      rows.map(({ estimates }) => estimates[chosenBy]!.n),
    ),
  ];
  const heading = `${printable(table.system)} on ${printable(table.dataset)}, split ${printable(table.split)}: ${formatCount(table.questions)} questions`;
  const legend = `* highest mean of ${chosen.name}  ~ cannot be told apart from it  [${formatLevel(level)} interval]`;
  const rest = evidence.length - 1 - MOST_EVIDENCE;
  const lines = [
    ...evidence.slice(0, 1 + MOST_EVIDENCE).map((text, i) => (i === 0 ? text : `  ${text}`)),
    ...(rest > 0 ? [`  and ${rest} more: --format csv has all`] : []),
  ];
  const prose = [advice, ...cautions].map((text) => wrapText(text, width)).join("\n");
  return `${[heading, textTable(keys, [...body, ...counts], width), legend, lines.join("\n"), prose].join("\n\n")}\n`;
}

function countColumn(head: string, counts: readonly number[]): TextColumn {
  return { head, align: "right", cells: counts.map(formatCount) };
}
