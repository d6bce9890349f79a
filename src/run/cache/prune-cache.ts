import { forEachLimited } from "../../lib/pool.ts";
import type { AnswerCache, CacheListing } from "./answer-cache.ts";

/** Removals at once: most of one is waiting for the disk. */
const AT_ONCE = 16;

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
  const going: string[] = [];
  for (const { key, size, from } of found) {
    const tooOld = before !== undefined && !(Date.parse(from.at) >= before);
    const tooMuch = maxBytes !== undefined && bytes - removed.bytes > maxBytes;
    if (!all && !tooOld && !tooMuch) break;
    going.push(key);
    removed.answers += 1;
    removed.bytes += size;
  }
  signal.throwIfAborted();
  if (all) await cache.clear();
  else await forEachLimited(going, AT_ONCE, signal, (key) => cache.remove(key));
  signal.throwIfAborted();
  return {
    removed,
    kept: { answers: found.length - removed.answers, bytes: bytes - removed.bytes },
  };
}
