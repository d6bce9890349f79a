import type { TablePart } from "../summary-types.ts";
import { formatCount } from "../text/format-number.ts";

/** How the rows of one column, sorted by it, fall into groups that stand below each other. */
export interface BoardTiers {
  /** Of each group what is said above it: texts by turns from here and from outside, the latter being names. */
  readonly says: readonly (readonly string[])[];
  /** The group of each row by its place in the table, from 0; absent where a row is not ranked. */
  readonly of: ReadonlyMap<number, number>;
}

/**
 * Parts a column into groups: from the best row on, those that follow and cannot be told apart from it; from the first that can, the
 * same again. A row is held against the first of its group alone, since being like two others does not make these alike, and what is
 * said of a group claims no more. Rows of which each is told apart from the next make one group, of which that is said.
 *
 * @returns undefined where no places are told
 */
export function boardTiers(
  { metrics, rows }: TablePart,
  column: number,
  nameOf: (at: number) => string,
): BoardTiers | undefined {
  const sign = metrics[column]!.better === "higher" ? -1 : 1;
  const ranked = rows
    .flatMap(({ cells }, at) => {
      const cell = cells[column];
      return cell?.rank && cell.estimate.state === "estimated"
        ? [{ at, mean: cell.estimate.mean, same: new Set(cell.rank.same) }]
        : [];
    })
    .sort((a, b) => sign * (a.mean - b.mean));
  if (ranked.length === 0) return undefined;
  const groups: Group[] = [];
  for (const { at, same } of ranked) {
    const group = groups.at(-1);
    if (group?.same.has(at)) group.rows.push(at);
    else groups.push({ rows: [at], same });
  }
  const tiers: Tier[] = [];
  for (const { rows: own } of groups) {
    const above = tiers.at(-1);
    const alone = own.length === 1;
    if (alone && above?.alone) above.rows.push(...own);
    else tiers.push({ rows: [...own], alone, behind: above && above.rows[above.alone ? above.rows.length - 1 : 0]! });
  }
  return {
    says: tiers.map((tier) => textOf(tier, metrics[column]!.name, nameOf)),
    of: new Map(tiers.flatMap(({ rows: own }, tier) => own.map((at) => [at, tier] as const))),
  };
}

/** Rows that follow each other and cannot be told apart from the first of them. */
interface Group {
  readonly rows: number[];
  readonly same: ReadonlySet<number>;
}

interface Tier {
  readonly rows: number[];
  /** Each row is a group by itself. */
  readonly alone: boolean;
  /** The row that the first of these is told apart from. */
  readonly behind: number | undefined;
}

function textOf({ rows: [first, ...others], alone, behind }: Tier, metric: string, nameOf: (at: number) => string) {
  const name = nameOf(first!);
  const start = behind === undefined ? [`By ${metric}: `, name] : ["", name, ", behind ", nameOf(behind)];
  const more = `${behind === undefined ? "" : ","} and ${formatCount(others.length)}`;
  if (others.length === 0) return behind === undefined ? [...start, ", told apart from the next"] : start;
  if (alone) return [...start, `${more} more, each told apart from the next`];
  const alike = `${more} ${others.length === 1 ? "row" : "rows"} that cannot be told apart from `;
  return behind === undefined ? [...start, `${alike}it`] : [...start, alike, name];
}
