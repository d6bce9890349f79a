import { BadArgument } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import { RandomIndices } from "../random-indices.ts";
import { BinomialDraws } from "./binomial-draws.ts";

/**
 * What is drawn independently (items, or questions with all their items), as counts of the rows of a tally. A resample of
 * any statistic of counts is then a sum of the drawn units' counts: O(items) additions at most, whatever the statistic.
 */
export interface UnitCounts {
  /** Number of units. */
  readonly units: number;
  /** Number of rows. */
  readonly rows: number;
  /** The entries of unit u are those from starts[u] up to starts[u + 1]. */
  readonly starts: Int32Array;
  readonly entryRow: Int32Array;
  readonly entryCount: Float64Array;
  /** Whether every unit is a single item. */
  readonly single: boolean;
}

/**
 * @param rowOf the row of each item @param rows how many rows there are
 * @param clusters a number per item that names its question; default: every item is a unit
 * @throws BadArgument when items and clusters differ in number
 */
export function unitCounts(rowOf: Int32Array, rows: number, clusters?: ArrayLike<number>): UnitCounts {
  const n = rowOf.length;
  if (clusters === undefined) {
    const starts = Int32Array.from({ length: n + 1 }, (_, i) => i);
    return { units: n, rows, starts, entryRow: rowOf, entryCount: new Float64Array(n).fill(1), single: true };
  }
  if (clusters.length !== n) throw new BadArgument(`${n} items need ${n} cluster numbers, got ${clusters.length}`);
  const members = new Map<number, Map<number, number>>();
  for (let i = 0; i < n; i++) {
    const counts = members.get(clusters[i]!) ?? new Map<number, number>();
    members.set(clusters[i]!, counts);
    counts.set(rowOf[i]!, (counts.get(rowOf[i]!) ?? 0) + 1);
  }
  const lists = [...members.values()];
  const starts = new Int32Array(lists.length + 1);
  lists.forEach((counts, u) => {
    starts[u + 1] = starts[u]! + counts.size;
  });
  const entries = lists.flatMap((counts) => [...counts]);
  return {
    units: lists.length,
    rows,
    starts,
    entryRow: Int32Array.from(entries, ([row]) => row),
    entryCount: Float64Array.from(entries, ([, count]) => count),
    single: lists.length === n,
  };
}

/** From so many items of few kinds on, kinds are drawn and not items. */
const MANY_ITEMS = 4096;

/** Draws as many units as there are, with replacement, and overwrites `counts` with the rows they hold. */
export function unitResampler(units: UnitCounts, rng: Rng): (counts: Float64Array) => void {
  const { starts, entryRow, entryCount, single } = units;
  if (single && units.units >= MANY_ITEMS && units.units >= 16 * units.rows) return kindResampler(units, rng);
  const drawn = new Uint32Array(units.units);
  const source = new RandomIndices(rng, units.units);
  return (counts) => {
    source.fill(drawn);
    counts.fill(0);
    if (single) {
      for (let u = 0; u < drawn.length; u++) counts[entryRow[drawn[u]!]!]! += 1;
      return;
    }
    for (let u = 0; u < drawn.length; u++) {
      const end = starts[drawn[u]! + 1]!;
      for (let e = starts[drawn[u]!]!; e < end; e++) counts[entryRow[e]!]! += entryCount[e]!;
    }
  };
}

/** The same for single items: how many of each row are drawn is multinomial, so it is drawn row by row, binomially. */
function kindResampler({ units, rows, entryRow }: UnitCounts, rng: Rng): (counts: Float64Array) => void {
  const kinds = new Float64Array(rows);
  for (const row of entryRow) kinds[row]!++;
  const draws = new BinomialDraws(rng);
  return (counts) => {
    let toDraw = units;
    let toCome = units;
    for (let row = 0; row < rows; row++) {
      counts[row] = toCome === 0 ? 0 : draws.draw(toDraw, kinds[row]! / toCome);
      toDraw -= counts[row]!;
      toCome -= kinds[row]!;
    }
  };
}

/** The counts without one unit: `counts` is all of them, `out` is overwritten. */
export function leaveOut(units: UnitCounts, unit: number, counts: Float64Array, out: Float64Array): void {
  out.set(counts);
  for (let e = units.starts[unit]!; e < units.starts[unit + 1]!; e++) out[units.entryRow[e]!]! -= units.entryCount[e]!;
}
