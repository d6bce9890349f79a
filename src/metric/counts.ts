/** How often each item occurs. */
export type Counts = ReadonlyMap<string, number>;

export function countOf(items: Iterable<string>): Counts {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

/** Size of the multiset intersection: an item counts as often as both have it. */
export function countCommon(a: Counts, b: Counts): number {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  let common = 0;
  for (const [item, count] of small) common += Math.min(count, large.get(item) ?? 0);
  return common;
}
