import { NO_CUT } from "./cut-levels.ts";

/** Units [from, to) of one piece. */
export type Cut = readonly [from: number, to: number];

/**
 * Cuts a row of units into pieces of at most `size`, neighbours sharing at most `overlap`. A piece ends at the most
 * welcome place in the second half of the room it has, the last of several; what it shares with the next starts at the
 * most welcome place in the first half of the room for it, the first of several. So every piece but the last is at
 * least half full, and every unit is in a piece. Where no place is left (several tokens of one character) a piece is
 * longer than `size`.
 * @param levels how welcome a cut before each unit is, lower is better: see `cutLevels`
 * @param fits whether units [from, to) are really no longer than `size`, where the sum of units may not be exact
 */
export function cutUnits(
  levels: Uint8Array,
  size: number,
  overlap: number,
  fits: (from: number, to: number) => boolean = () => true,
): Cut[] {
  const n = levels.length;
  /** The end of a piece that starts at `from` and reaches beyond `covered`: the most welcome one up to `room`. */
  const endOf = (from: number, covered: number, room: number): number | undefined => {
    const half = Math.max(from + Math.ceil(size / 2), covered + 1);
    return room >= n ? n : (best(levels, half, room, "last") ?? best(levels, covered + 1, room, "last"));
  };
  const isShort = (from: number, to: number): boolean => to - from <= size && fits(from, to);
  const cuts: Cut[] = [];
  let from = 0;
  let covered = 0;
  while (covered < n) {
    let to = endOf(from, covered, from + size) ?? nextCut(levels, covered + 1);
    while (!isShort(from, to)) {
      const shorter = endOf(from, covered, to - 1);
      const later = nextCut(levels, from + 1);
      if (shorter !== undefined) to = shorter;
      else if (later > covered) break;
      else {
        // What is shared leaves no room for anything new: share less.
        from = later;
        to = endOf(from, covered, from + size) ?? nextCut(levels, covered + 1);
      }
    }
    cuts.push([from, to]);
    covered = to;
    const least = Math.max(to - overlap, from + 1);
    from = best(levels, least, to - Math.ceil(overlap / 2), "first") ?? Math.min(nextCut(levels, least), to);
  }
  return cuts;
}

/** The most welcome cut before the units `first` … `last`, undefined when there is none. */
function best(levels: Uint8Array, first: number, last: number, prefer: "first" | "last"): number | undefined {
  let found: number | undefined;
  let lowest = NO_CUT;
  for (let i = first; i <= last; i += 1) {
    const level = levels[i]!;
    if (level < lowest || (level === lowest && level !== NO_CUT && prefer === "last")) {
      lowest = level;
      found = i;
    }
  }
  return found;
}

/** The first place from `unit` on where a cut is possible; the end when there is none. */
function nextCut(levels: Uint8Array, unit: number): number {
  let at = unit;
  while (at < levels.length && levels[at] === NO_CUT) at += 1;
  return Math.min(at, levels.length);
}
