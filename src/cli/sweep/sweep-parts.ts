import type { RetrieverConfig, System } from "../../config/index.ts";
import type { Retriever } from "../../core/contracts.ts";
import type { Query } from "../../core/query.ts";
import type { Ranking } from "../../core/ranking.ts";
import { hashValue } from "../../lib/hash.ts";

/**
 * Lets retrievers that several systems have in common, such as the parts of fusions that differ in their weights, search once
 * for each question. What only one system has is not kept. For systems over one corpus.
 * @returns what `buildSystem` takes as `share`
 */
export function shareParts(systems: readonly System[]): (config: RetrieverConfig, retriever: Retriever) => Retriever {
  const uses = new Map<string, number>();
  for (const { config } of systems) {
    const own = new Set(partsOf(config.retriever).map((part) => hashValue(part)));
    for (const hash of own) uses.set(hash, (uses.get(hash) ?? 0) + 1);
  }
  const found = new Map<string, Map<string, Ranking>>();
  return (config, retriever) => {
    const hash = hashValue(config);
    if ((uses.get(hash) ?? 0) < 2) return retriever;
    const known = found.get(hash) ?? new Map<string, Ranking>();
    found.set(hash, known);
    return remembering(retriever, known);
  };
}

function partsOf(config: RetrieverConfig | undefined): RetrieverConfig[] {
  if (config === undefined) return [];
  if (!("of" in config)) return [config];
  return [config, ...[config.of].flat().flatMap((part) => partsOf(part))];
}

/** Asks for what is not known yet only; what fails is not remembered. */
function remembering(retriever: Retriever, known: Map<string, Ranking>): Retriever {
  return {
    async search(queries, k, signal) {
      const key = ({ id, text }: Query): string => JSON.stringify([k, id, text]);
      const fresh = queries.filter((query) => !known.has(key(query)));
      const rankings = fresh.length > 0 ? await retriever.search(fresh, k, signal) : [];
      // A reply of another length is for whoever asked to refuse.
      if (rankings.length !== fresh.length) return rankings;
      for (const [i, query] of fresh.entries()) known.set(key(query), rankings[i]!);
      return queries.map((query) => known.get(key(query))!);
    },
  };
}
