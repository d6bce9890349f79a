import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { SystemFailure } from "../../core/errors.ts";
import type { SearchThreads, StartThreads } from "../../run/index.ts";
import { BM25_PROGRAM, type Bm25Index, Bm25Workers } from "../../search/index.ts";

/**
 * BM25 in worker threads that share one index in memory, where threads with a retriever of their own would each hold a copy.
 * @param openIndex called once, when the first threads are asked for
 * @param program the compiled program of a thread
 */
export function bm25Threads(
  openIndex: () => Promise<Bm25Index>,
  program: URL = BM25_PROGRAM,
): StartThreads | { readonly unavailable: string } {
  if (!existsSync(fileURLToPath(program))) {
    return { unavailable: "threads need the compiled program: npm run build" };
  }
  let index: Promise<Bm25Index> | undefined;
  return async (count) => {
    index ??= openIndex();
    const workers = await Bm25Workers.start(await index, count, program);
    const search: SearchThreads["searches"][number] = async (queries, k) => {
      try {
        const texts = queries.map(({ text }) => text);
        return { rankings: await workers.search(texts, k), source: "measured" };
      } catch (error) {
        throw new SystemFailure("E_WORKER", (error as Error).message, { retryable: false });
      }
    };
    return { searches: Array.from({ length: count }, () => search), close: () => workers.close() };
  };
}
