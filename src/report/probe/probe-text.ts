import { printable } from "../../lib/text.ts";
import { textBars } from "../summary/text-bars.ts";
import { formatCount, formatEstimate, formatLevel, MISSING } from "../text/format-number.ts";
import { type TextColumn, textTable, wrapText } from "../text/text-table.ts";
import type { ProbeTable } from "./probe-table.ts";
import { apartWord, contrastText, differenceText, ownCount, questionCount } from "./probe-words.ts";

/** The table of a probe with a chart of its first column, and what has to be known to read it. */
export function probeText(table: ProbeTable, width: number): string {
  const { rows, columns, reference, level, notes, contrasts, comparisons } = table;
  const keys: TextColumn[] = [{ head: "", align: "left", cells: rows.map(({ label }) => printable(label)) }];
  const referenceLabel = printable(rows[reference]!.label);
  const body = columns.flatMap((head, at): TextColumn[] => [
    {
      head: head.name,
      align: "left",
      cells: rows.map(({ estimates, blocked }) => {
        const estimate = estimates[at];
        if (estimate !== undefined) return `${formatEstimate(estimate, head.range)} ${ownCount(estimates, at)}`.trim();
        return at === 0 && blocked !== undefined ? blocked : MISSING;
      }),
    },
    ...(at === 0
      ? [{ head: "", align: "left" as const, cells: textBars(rows.map(({ estimates }) => estimates[0])) }]
      : []),
    {
      head: `− ${referenceLabel}`,
      align: "left",
      cells: rows.map(({ differences }, row) => {
        const one = differences[at];
        if (one === undefined) return row === reference ? "" : MISSING;
        return `${differenceText(one, head)} ${apartWord(one, level)}`.trim();
      }),
    },
  ]);
  const counts: TextColumn[] = [
    { head: "n", align: "right", cells: rows.map(({ estimates }) => countText(estimates[0]?.n)) },
    ...table.facts.map((head, at): TextColumn => {
      return { head, align: "right", cells: rows.map(({ facts }) => countText(facts[at])) };
    }),
  ];
  const heading = `${table.title}: ${printable(table.system)} on ${printable(table.dataset)}, split ${printable(table.split)}: ${questionCount(table.questions)}`;
  const legend = `[${formatLevel(level)} interval]  differences paired by question; p by Holm over ${formatCount(comparisons)} comparisons`;
  const lines = contrasts.map((contrast) => printable(contrastText(contrast, table)));
  const prose = notes.map((note) => wrapText(printable(note), width));
  return `${[heading, textTable(keys, [...body, ...counts], width), legend, lines.join("\n"), prose.join("\n")]
    .filter((part) => part !== "")
    .join("\n\n")}\n`;
}

function countText(count: number | undefined): string {
  return count === undefined ? MISSING : formatCount(Math.round(count));
}
