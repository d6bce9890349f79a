import { setImmediate } from "node:timers/promises";
import type { Retriever } from "../core/contracts.ts";
import type { Ranking } from "../core/ranking.ts";
import type { Bm25Index } from "../search/bm25-index.ts";

/** How long the process may be busy ranking before it looks at timers and signals again, in milliseconds. */
const TURN_MS = 20;

/** Ranks with a BM25 index. The question alone is searched for, not what was said before it. */
export function bm25Retriever(index: Bm25Index, monotonic: () => number): Retriever {
  return {
    async search(queries, k, signal) {
      const rankings: Ranking[] = [];
      let turn = monotonic();
      for (const { text } of queries) {
        signal.throwIfAborted();
        rankings.push(index.search(text, k));
        if (monotonic() - turn < TURN_MS) continue;
        await setImmediate();
        turn = monotonic();
      }
      return rankings;
    },
  };
}
