import type { Retriever } from "../../core/contracts.ts";
import type { Ranking } from "../../core/ranking.ts";
import type { Embedder } from "../../embed/embedder.ts";
import type { ExactIndex } from "../../search/exact-index.ts";
import type { Limiter } from "../limiter.ts";

/**
 * Ranks by the inner product of question and passage. Every question is encoded anew and alone: a stored vector would have
 * no latency, and one made in a batch differs in its last bits. A question without tokens, whose vector is all zeros, has
 * no nearest passages.
 */
export function denseRetriever(embedder: Embedder, index: ExactIndex, limit: Limiter): Retriever {
  return {
    async search(queries, k, signal) {
      signal.throwIfAborted();
      return Promise.all(
        queries.map(({ text }) =>
          limit(async (): Promise<Ranking> => {
            const vector = await embedder.embed([text], "query", signal);
            if (vector.every((x) => x === 0)) return [];
            return (await index.search(vector, k, signal))[0]!;
          }, signal),
        ),
      );
    },
  };
}
