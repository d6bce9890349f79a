import { truncate } from "../../lib/text.ts";
import type { Row, TablePart } from "../summary-types.ts";

/** The best of a column besides those that serve as a point of comparison. */
export interface BesideReference {
  /** Rows, by their places, that are best besides the references, and those that cannot be told apart from them. */
  readonly best: ReadonlySet<number>;
  readonly tied: ReadonlySet<number>;
}

/** @returns undefined where the best of the column is no reference alone, or nothing else is ranked */
export function besideReference({ metrics, rows }: TablePart, column: number): BesideReference | undefined {
  const isReference = (row: Row): boolean => row.run.system.card?.reference === true;
  const best = rows.filter((row) => row.cells[column]?.standing.kind === "best");
  if (best.length === 0 || !best.every(isReference)) return undefined;
  const sign = metrics[column]!.better === "higher" ? 1 : -1;
  const ranked = rows.flatMap((row, at) => {
    const cell = row.cells[column];
    if (isReference(row) || cell?.estimate.state !== "estimated" || cell.standing.kind === "unranked") return [];
    return [{ at, mean: sign * cell.estimate.mean, same: cell.rank?.same ?? [] }];
  });
  const most = Math.max(...ranked.map(({ mean }) => mean));
  const found = ranked.filter(({ mean }) => mean === most);
  if (found.length === 0) return undefined;
  const beside = new Set(found.map(({ at }) => at));
  return { best: beside, tied: new Set(found[0]!.same.filter((at) => !isReference(rows[at]!) && !beside.has(at))) };
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
