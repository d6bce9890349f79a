import type { Ranking } from "../core/ranking.ts";

/**
 * The ids of a ranking in trec_eval's order, which every ranking metric goes by: score as a 32-bit float, highest
 * first; equal scores by id, last in UTF-8 byte order first. The order in which hits are given does not count. A
 * repeated id stands once, at its best score. A score that is not a number ranks last.
 * @example rankIds([["9", 1], ["10", 1.000000001], ["x", 2]]) // ["x", "9", "10"]
 */
export function rankIds(ranking: Ranking): readonly string[] {
  const ids = inOrder(ranking) ?? ordered(ranking);
  distinct.add(ids);
  return ids;
}

const distinct = new WeakSet<readonly string[]>();

/** Whether ids are known to stand once each, because `rankIds` gave them: looking for repeats takes longer than a metric. */
export function areDistinct(ids: readonly string[]): boolean {
  return distinct.has(ids);
}

/** The ids as they are given, where they are in order already, without ties and repeats. */
function inOrder(ranking: Ranking): readonly string[] | undefined {
  const ids = new Set<string>();
  let last = Number.POSITIVE_INFINITY;
  for (const [id, score] of ranking) {
    const value = Math.fround(score);
    if (!(value < last || ids.size === 0) || Number.isNaN(value)) return undefined;
    last = value;
    ids.add(id);
  }
  return ids.size === ranking.length ? [...ids] : undefined;
}

function ordered(ranking: Ranking): readonly string[] {
  const best = new Map<string, number>();
  for (const [id, score] of ranking) {
    const value = Number.isNaN(score) ? Number.NEGATIVE_INFINITY : Math.fround(score);
    const known = best.get(id);
    if (known === undefined || known < value) best.set(id, value);
  }
  const hits = Array.from(best);
  hits.sort((a, b) => (a[1] === b[1] ? compareBytes(b[0], a[0]) : a[1] < b[1] ? 1 : -1));
  return hits.map(([id]) => id);
}

/** Compares by UTF-8 bytes, which is by code points: code units order otherwise only where a surrogate is involved. */
function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
