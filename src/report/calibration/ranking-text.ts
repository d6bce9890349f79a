import { printable } from "../../lib/text.ts";
import type { Figure } from "../../runlog/index.ts";
import { formatP } from "../cells/cell-view.ts";
import { formatCount, formatLevel, MISSING } from "../text/format-number.ts";
import { type TextColumn, textTable, wrapText } from "../text/text-table.ts";
import { FIGURE_NAMES, formatFigure } from "./calibration-text.ts";

/** One judge of a matrix, best first. */
export interface RankingRow {
  readonly judge: string;
  readonly figure: Figure;
  readonly behind?: Figure;
  readonly p?: number;
  readonly verdict: "best" | "behind" | "cannot-tell";
  readonly group: number;
  readonly ungraded: number;
}

export interface RankingFacts {
  /** The figure they are ranked by. */
  readonly by: string;
  readonly criterion: string;
  readonly level: number;
  readonly items: number;
  readonly questions: number;
  readonly unit: "question" | "item";
}

/** The judge matrix for a terminal. @param columns its width */
export function rankingText(rows: readonly RankingRow[], facts: RankingFacts, columns: number): string {
  const { by, criterion, level, items, questions, unit } = facts;
  const name = FIGURE_NAMES[by]?.name ?? by;
  const column = (head: string, align: "left" | "right", of: (row: RankingRow) => string): TextColumn => ({
    head,
    align,
    cells: rows.map(of),
  });
  const table = textTable(
    [column("judge", "left", ({ judge }) => printable(judge))],
    [
      column(name, "left", ({ figure }) => formatFigure(figure)),
      column("behind the best by", "left", ({ behind }) => (behind ? formatFigure(behind) : "")),
      column("p", "left", ({ p }) => (p === undefined ? "" : formatP(p))),
      column("group", "right", ({ group }) => String(group)),
      column("", "left", ({ verdict }) =>
        verdict === "best" ? "best" : verdict === "behind" ? "behind" : "cannot tell",
      ),
      ...(rows.some(({ ungraded }) => ungraded > 0)
        ? [column("ungraded", "right", ({ ungraded }) => formatCount(ungraded))]
        : []),
    ],
    columns,
  );
  const told = rows.filter(({ verdict }) => verdict === "behind").length;
  const best = rows[0] === undefined ? MISSING : printable(rows[0].judge);
  const drawn =
    unit === "question" ? "clustered by question" : "of single answers: they hold for these questions alone";
  return [
    `${printable(criterion)}: ${formatCount(rows.length)} judges on ${formatCount(items)} labelled answers to ${formatCount(questions)} questions, by ${name}`,
    "",
    table,
    "",
    wrapText(
      `Told apart from ${best}: ${formatCount(told)} of ${formatCount(rows.length - 1)}. cannot tell: as far as these labels go it may be as good. group: judges of one number are not told apart from the best of them. Intervals of ${formatLevel(level)}, ${drawn}; differences are paired, p is adjusted by Holm. The best was chosen by these labels: expect a little less of it on others.`,
      columns,
    ),
  ].join("\n");
}
