/** No cut is possible before this unit: it starts where the one before it does. */
export const NO_CUT = 255;

/**
 * How welcome a cut before each unit is: the index of the first separator that stands there, `separators.length` where
 * none does or a heading would lose its text, {@link NO_CUT} where two units share their start.
 * @param starts where the units start, never falling
 */
export function cutLevels(text: string, starts: readonly number[], separators: readonly string[]): Uint8Array {
  const levels = Uint8Array.from(starts, (start, i) => (start === starts[i - 1] ? NO_CUT : separators.length));
  for (const [level, separator] of separators.entries()) {
    for (const { index, 0: found } of text.matchAll(pattern(separator))) {
      // Any white space there stays with what stands before the cut.
      const least = index + cutInside(found);
      const most = least + whiteSpaceAt(text, least);
      const start = starts[firstFrom(starts, most + 1) - 1];
      if (start === undefined || start < least) continue; // inside a unit
      const unit = firstFrom(starts, start);
      if (levels[unit] !== NO_CUT) levels[unit] = Math.min(levels[unit]!, level);
    }
  }
  // A heading stays with what it is the heading of.
  for (const { index, 0: found } of text.matchAll(HEADING)) {
    const unit = firstFrom(starts, index + found.length);
    if (levels[unit] !== undefined && levels[unit] !== NO_CUT) levels[unit] = separators.length;
  }
  return levels;
}

const HEADING = /^ {0,3}#{1,6}[ \t]+\S.*\n\s*/gm;

/** A line feed in a separator stands for both ways to end a line. */
function pattern(separator: string): RegExp {
  return new RegExp(separator.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&").replaceAll("\n", "\\r?\\n"), "g");
}

/** `"\n# "` opens what follows: the cut stands before the `#`. Any other separator closes what stands before it. */
function cutInside(separator: string): number {
  return /^\s+\S/.test(separator) ? 0 : separator.trimEnd().length;
}

function whiteSpaceAt(text: string, at: number): number {
  const run = /\s*/y;
  run.lastIndex = at;
  return run.exec(text)![0].length;
}

/** The first index whose value is at least `least`; the length when there is none. */
function firstFrom(ascending: readonly number[], least: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
