import type { Retriever } from "../core/contracts.ts";
import { type FusionSettings, fuse } from "../search/fusion.ts";

/**
 * Joins the rankings of several retrievers, each asked for `depth` passages whatever k is: normalised scores depend on how
 * deep a ranking goes, and the first hits must not depend on how many are wanted. At most parts × depth hits come back.
 */
export function fusionRetriever(parts: readonly Retriever[], settings: FusionSettings, depth: number): Retriever {
  return {
    async search(queries, k, signal) {
      signal.throwIfAborted();
      const rankings = await Promise.all(parts.map((part) => part.search(queries, depth, signal)));
      return queries.map((_, at) =>
        fuse(
          rankings.map((part) => part[at]!),
          settings,
        ).slice(0, k),
      );
    },
  };
}
