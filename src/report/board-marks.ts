import { truncate } from "../lib/text.ts";
import type { Row, TablePart } from "./summary-types.ts";

/** The best of a column besides those that serve as a point of comparison. */
export interface BesideReference {
  /** Rows, by their places, that are best besides the references, and those that cannot be told apart from it. */
  readonly best: number;
  readonly tied: ReadonlySet<number>;
}

/** @returns undefined where the best of the column is no reference, or nothing else is ranked */
export function besideReference({ metrics, rows }: TablePart, column: number): BesideReference | undefined {
  const isReference = (row: Row): boolean => row.run.system.card?.reference === true;
  const best = rows.find((row) => row.cells[column]?.standing.kind === "best");
  if (best === undefined || !isReference(best)) return undefined;
  const sign = metrics[column]!.better === "higher" ? 1 : -1;
  let [found, most] = [-1, Number.NEGATIVE_INFINITY];
  for (const [at, row] of rows.entries()) {
    const cell = row.cells[column];
    if (isReference(row) || cell?.estimate.state !== "estimated" || cell.standing.kind === "unranked") continue;
    if (sign * cell.estimate.mean > most) [found, most] = [at, sign * cell.estimate.mean];
  }
  if (found === -1) return undefined;
  const same = rows[found]!.cells[column]!.rank?.same ?? [];
  return { best: found, tied: new Set(same.filter((at) => !isReference(rows[at]!))) };
}

/** Groups and names of one column that are listed; a longer list says so. */
const MOST = { groups: 8, names: 12 };

/**
 * The rows of a column that cannot be told apart: neighbours by their means, no two of which a paired test separates, each group as
 * large as it can be. A row may stand in several.
 */
export function groupsOf(part: TablePart, column: number, nameOf: (row: Row) => string): string[] {
  const sign = part.metrics[column]!.better === "higher" ? -1 : 1;
  const ranked = part.rows
    .flatMap((row, at) => {
      const cell = row.cells[column];
      return cell?.rank && cell.estimate.state === "estimated"
        ? [{ at, row, mean: cell.estimate.mean, same: new Set(cell.rank.same) }]
        : [];
    })
    .sort((a, b) => sign * (a.mean - b.mean));
  const groups: (typeof ranked)[] = [];
  let reached = 0;
  for (const first of ranked.keys()) {
    let end = first + 1;
    while (end < ranked.length && ranked.slice(first, end).every(({ same }) => same.has(ranked[end]!.at))) end += 1;
    if (end > reached && end - first > 1) groups.push(ranked.slice(first, end));
    reached = Math.max(reached, end);
  }
  const texts = groups.slice(0, MOST.groups).map((members) => {
    const names = members.slice(0, MOST.names).map(({ row }) => truncate(nameOf(row), 60));
    return members.length > MOST.names
      ? `${names.join(", ")} and ${members.length - MOST.names} more`
      : names.join(", ");
  });
  return groups.length > MOST.groups ? [...texts, `and ${groups.length - MOST.groups} more groups`] : texts;
}
