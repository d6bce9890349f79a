import type { Estimate } from "../../core/estimate.ts";
import { printable } from "../../lib/text.ts";
import { formatEstimate, formatLevel, formatValue } from "../text/format-number.ts";
import type { SweepRow, SweepTable } from "./sweep-table.ts";

/** What a sweep says in words. */
export interface Recommendation {
  /** Number of the row to take; undefined where nothing could be measured. */
  readonly row: number | undefined;
  /** What to do, in a sentence. */
  readonly advice: string;
  /** The best row against each other, the nearest first. */
  readonly evidence: readonly string[];
  /** What the figures are not good for. */
  readonly cautions: readonly string[];
}

/**
 * Recommends the best cell where the paired test, Holm over all comparisons, puts every other behind. Where some cannot be
 * told apart from it and what the file says is among them, that is kept: a higher mean alone is no reason to change.
 */
export function recommend(table: SweepTable): Recommendation {
  const { rows, best, columns, chosenBy } = table;
  const cautions = cautionsOf(table);
  if (best === undefined) {
    const estimate = rows[0]?.estimates[chosenBy];
    const reason = estimate?.state === "not-estimable" ? estimate.reason : "there is nothing to choose between";
    return { row: undefined, advice: `Nothing to recommend: ${reason}.`, evidence: [], cautions };
  }
  const { name, head } = columns[chosenBy]!;
  const top = rows[best]!;
  const others = rows
    .flatMap((row, i) => (i === best ? [] : [row]))
    .sort((a, b) => meanOf(b.estimates[chosenBy]!) - meanOf(a.estimates[chosenBy]!));
  const evidence = [
    `${shown(top)}: ${name} ${formatEstimate(top.estimates[chosenBy]!, head.range)}, the highest mean`,
    ...others.map((row) => comparison(row, head.range)),
  ];
  const tied = rows.filter(({ standing: { kind } }) => kind === "best" || kind === "tied");
  const row = tied.find(({ asFile }) => asFile) ?? top;
  return { row: rows.indexOf(row), advice: adviceOf(table, row, tied.length - 1), evidence, cautions };
}

function adviceOf({ rows, level }: SweepTable, row: SweepRow, ties: number): string {
  if (rows.length === 1) return `Nothing to choose between: ${shown(row)} is the only cell.`;
  const apart = `${ties} ${ties === 1 ? "cell" : "cells"} cannot be told apart from the highest mean`;
  if (row.asFile && row.standing.kind !== "best") {
    return `Keep ${shown(row)}, as the file says: no cell is shown to be better (${apart}).`;
  }
  if (ties > 0) {
    return `Take ${shown(row)}, or another for its price: ${apart}, and one of them costs at most the upper end of its interval.`;
  }
  const others = rows.length - 1;
  const compared = rows.every(({ standing }) => standing.kind !== "unranked");
  const words = !compared
    ? "every cell that was compared"
    : others === 1
      ? "the other cell"
      : `each of the other ${others}`;
  return `Take ${shown(row)}: better than ${words} at ${formatLevel(level)}, Holm over the comparisons.`;
}

function comparison(row: SweepRow, range: readonly [number, number] | undefined): string {
  const { standing } = row;
  if (standing.kind === "unranked" || standing.kind === "best") return `against ${shown(row)}: not compared`;
  const gain = formatEstimate(turned(standing.difference), range && [range[0] - range[1], range[1] - range[0]]);
  const p = standing.pHolm < 0.0005 ? "p < .001" : `p ${formatValue(standing.pHolm, [0, 1])}`;
  if (standing.kind === "behind") return `better than ${shown(row)} by ${gain}, ${p}`;
  return standing.difference.state === "estimated"
    ? `against ${shown(row)}: cannot tell, ${gain}, ${p}`
    : `against ${shown(row)}: cannot tell, ${standing.difference.reason}`;
}

/** The difference the other way round. */
function turned(estimate: Estimate): Estimate {
  if (estimate.state !== "estimated") return estimate;
  const { mean, low, high } = estimate;
  return { ...estimate, mean: 0 - mean, low: 0 - high, high: 0 - low };
}

function cautionsOf(table: SweepTable): string[] {
  const { rows, split, tested, columns, notes } = table;
  const cells = `${rows.length} ${rows.length === 1 ? "cell was" : "cells were"} looked at.`;
  const missed = rows.filter((row) => row.missed > 0).map((row) => `${shown(row)}: ${row.missed}`);
  const failed = rows.flatMap((row) =>
    Math.max(...row.failed) > 0 ? [`${shown(row)}: ${Math.max(...row.failed)}`] : [],
  );
  return [
    `${cells} The best of many is too good for the questions it was chosen on: measure it on questions it has not seen.`,
    ...(tested ? [`The split ${printable(split)} is for testing: what is chosen on it cannot be tested on it.`] : []),
    ...powerless(table),
    "Intervals of differences are of each difference alone; p is adjusted by Holm over all comparisons.",
    ...(new Set(rows.map(({ passages }) => passages)).size > 1
      ? [
          "Passages differ between the cells, the questions do not: each is scored against the passages that hold its gold there. " +
            "At the same k, longer passages hand on more text.",
        ]
      : []),
    ...(columns.some(({ name }) => name.endsWith(" strict"))
      ? [
          "strict: only a passage that holds a whole span counts; for the other columns half of it is enough. Recall is of the " +
            "passages that count, so strict is the higher one where fewer do.",
        ]
      : []),
    ...(missed.length > 0 ? [`Questions whose gold no passage holds, counted as missed: ${missed.join("; ")}.`] : []),
    ...(failed.length > 0 ? [`Questions on which the system failed, at the floor: ${failed.join("; ")}.`] : []),
    ...(rows.some(({ k }) => k !== undefined)
      ? ["A ranking is cut at the cell's k before it is scored: metrics that look deeper see k passages."]
      : []),
    ...notes.map(printable),
  ];
}

/**
 * Too few independent questions for any test: of n signs that may be turned the smallest p is 2^(1-n), which Holm multiplies
 * by the number of comparisons.
 */
function powerless({ rows, best, units, clustered, level }: SweepTable): string[] {
  const least = (rows.length - 1) * 2 ** (1 - units);
  if (best === undefined || rows.length === 1 || least <= 1 - level) return [];
  const what = clustered ? "documents, whose questions are not independent" : "questions";
  const p = formatValue(Math.min(1, least), [0, 1]);
  return [
    `These are too few to show any difference: from ${units} ${what}, p cannot come below ${p}. More of them are needed, not more cells.`,
  ];
}

function meanOf(estimate: Estimate): number {
  return estimate.state === "estimated" ? estimate.mean : Number.NEGATIVE_INFINITY;
}

function shown({ label }: SweepRow): string {
  return printable(label);
}
