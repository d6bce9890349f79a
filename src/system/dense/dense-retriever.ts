import type { Retriever } from "../../core/contracts.ts";
import type { Ranking } from "../../core/ranking.ts";
import type { Embedder } from "../../embed/embedder.ts";
import type { ExactIndex } from "../../search/exact-index.ts";
import type { Limiter } from "../limiter.ts";
import { type Monotonic, StageTimes } from "../stage-times.ts";

/** What finds the passages nearest to vectors: all of them compared, or an approximate index. */
export type VectorIndex = Pick<ExactIndex, "search" | "close">;

/**
 * Ranks by the inner product of question and passage. Every question is encoded anew and alone: a stored vector would have
 * no latency, and one made in a batch differs in its last bits. A question without tokens, whose vector is all zeros, has
 * no nearest passages.
 */
export function denseRetriever(
  embedder: Embedder,
  index: VectorIndex,
  limit: Limiter,
  monotonic: Monotonic,
): Retriever {
  const encode = (text: string, signal: AbortSignal): Promise<Float32Array> => embedder.embed([text], "query", signal);
  const nearest = async (vector: Float32Array, k: number, signal: AbortSignal): Promise<Ranking> =>
    vector.every((x) => x === 0) ? [] : (await index.search(vector, k, signal))[0]!;
  return {
    async search(queries, k, signal) {
      signal.throwIfAborted();
      return Promise.all(
        queries.map(({ text }) => limit(async () => nearest(await encode(text, signal), k, signal), signal)),
      );
    },
    async searchTimed(queries, k, signal) {
      signal.throwIfAborted();
      const times = new StageTimes(monotonic);
      const vectors = await times.run("encode", () =>
        Promise.all(queries.map(({ text }) => limit(() => encode(text, signal), signal))),
      );
      const rankings = await times.run("search", () =>
        Promise.all(vectors.map((vector) => limit(() => nearest(vector, k, signal), signal))),
      );
      return { rankings, stages: times.stages, source: "measured" };
    },
  };
}
