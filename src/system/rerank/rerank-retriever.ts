import type { Retriever } from "../../core/contracts.ts";
import type { Passage } from "../../core/passage.ts";
import type { Query } from "../../core/query.ts";
import type { Hit, Ranking } from "../../core/ranking.ts";
import { inOrder } from "../../search/fusion.ts";
import { type Monotonic, StageTimes, searchTimed } from "../stage-times.ts";

/** Scores passages for a question, more is better. */
export interface Reranker {
  /** @returns one finite score for each text, in their order; never called without texts */
  score(query: string, texts: readonly string[], signal: AbortSignal): Promise<readonly number[]>;
}

/** How often a re-ranker had something to order, and how often it made another order of it. */
export interface RerankCounts {
  asked: number;
  changed: number;
}

export interface RerankOptions {
  readonly first: Retriever;
  readonly reranker: Reranker;
  readonly depth: number;
  readonly title: boolean;
  readonly lookup: (ids: readonly string[]) => Promise<readonly (Passage | undefined)[]>;
  readonly counts: RerankCounts;
  readonly monotonic: Monotonic;
}

/**
 * Orders the first `depth` passages of a ranking anew, whatever k is. Those after them, and those whose text the corpus does
 * not have, follow in the order they had, each scored 1 below the one before it.
 */
export function rerankRetriever(options: RerankOptions): Retriever {
  const { first, reranker, depth, title, lookup, counts, monotonic } = options;
  const rerank = async (query: Query, ranking: Ranking, signal: AbortSignal): Promise<Ranking> => {
    const found = await lookup(ranking.slice(0, depth).map(([id]) => id));
    const known = found.flatMap((passage) => (passage ? [passage] : []));
    if (known.length === 0) return ranking;
    const texts = known.map((passage) => (title && passage.title ? `${passage.title}\n${passage.text}` : passage.text));
    const scores = await reranker.score(query.text, texts, signal);
    const ordered = inOrder(known.map(({ id }, at): Hit => [id, scores[at]!]));
    if (known.length > 1) {
      counts.asked += 1;
      if (ordered.some(([id], at) => id !== known[at]!.id)) counts.changed += 1;
    }
    const done = new Set(known.map(({ id }) => id));
    const lowest = ordered.at(-1)![1];
    const rest = ranking.filter(([id]) => !done.has(id));
    return [...ordered, ...rest.map(([id], at): Hit => [id, lowest - 1 - at])];
  };
  const rerankAll = async (
    queries: readonly Query[],
    rankings: readonly Ranking[],
    k: number,
    signal: AbortSignal,
  ): Promise<Ranking[]> => {
    const ordered = await Promise.all(queries.map((query, at) => rerank(query, rankings[at]!, signal)));
    return ordered.map((ranking) => ranking.slice(0, k));
  };
  return {
    async search(queries, k, signal) {
      return rerankAll(queries, await first.search(queries, Math.max(k, depth), signal), k, signal);
    },
    async searchTimed(queries, k, signal) {
      const found = await searchTimed(first, queries, Math.max(k, depth), signal, monotonic);
      const times = new StageTimes(monotonic);
      const rankings = await times.run("rerank", () => rerankAll(queries, found.rankings, k, signal));
      return { rankings, stages: [...found.stages, ...times.stages], source: found.source };
    },
  };
}
