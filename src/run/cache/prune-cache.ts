import type { AnswerCache, CacheListing } from "./answer-cache.ts";

/** What stays in a cache; all limits that are given hold. */
export interface PruneLimits {
  /** Made before this moment, in milliseconds since the epoch, goes. */
  readonly before?: number;
  /** Bytes that may stay; the oldest answers go first. */
  readonly maxBytes?: number;
  /** Everything goes. */
  readonly all?: boolean;
}

export interface CacheSize {
  readonly answers: number;
  readonly bytes: number;
}

/**
 * Removes answers, the oldest first. Runs that go on meanwhile are not disturbed: at worst they ask what has just gone.
 * @returns what went and what stayed
 */
export async function pruneCache(
  cache: AnswerCache,
  { before, maxBytes, all = false }: PruneLimits,
  signal: AbortSignal,
): Promise<{ readonly removed: CacheSize; readonly kept: CacheSize }> {
  const found: CacheListing[] = [];
  let bytes = 0;
  for await (const entry of cache.list()) {
    found.push(entry);
    bytes += entry.size;
  }
  found.sort((a, b) => (a.from.at < b.from.at ? -1 : a.from.at > b.from.at ? 1 : 0));
  const removed = { answers: 0, bytes: 0 };
  for (const { key, size, from } of found) {
    signal.throwIfAborted();
    const tooOld = before !== undefined && !(Date.parse(from.at) >= before);
    const tooMuch = maxBytes !== undefined && bytes - removed.bytes > maxBytes;
    if (!all && !tooOld && !tooMuch) break;
    await cache.remove(key);
    removed.answers += 1;
    removed.bytes += size;
  }
  return {
    removed,
    kept: { answers: found.length - removed.answers, bytes: bytes - removed.bytes },
  };
}
