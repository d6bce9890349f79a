/**
 * Places at least `gap` apart, in their order and as near as may be to where they were wanted: each is pushed below the one
 * before, and what runs over the end is pushed back.
 * @param least @param most the ends; with more places than there is room for the gap shrinks
 */
export function spreadApart(wanted: readonly number[], gap: number, least: number, most: number): number[] {
  const order = Array.from(wanted.keys()).sort((a, b) => wanted[a]! - wanted[b]! || a - b);
  const room = wanted.length > 1 ? Math.min(gap, (most - least) / (wanted.length - 1)) : gap;
  const placed = new Array<number>(wanted.length);
  let free = least;
  for (const at of order) {
    placed[at] = Math.max(free, wanted[at]!);
    free = placed[at]! + room;
  }
  let end = most;
  for (const at of order.toReversed()) {
    placed[at] = Math.min(placed[at]!, end);
    end = placed[at]! - room;
  }
  return placed;
}
