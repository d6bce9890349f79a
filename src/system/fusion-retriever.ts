import type { Retriever, StageTime, TimedSearch } from "../core/contracts.ts";
import type { Ranking } from "../core/ranking.ts";
import { type FusionSettings, fuse } from "../search/fusion.ts";
import { joinSources, type Monotonic, StageTimes, searchTimed } from "./stage-times.ts";

/** One of the retrievers that are joined; its stages are named by its kind. */
export interface FusionPart {
  readonly kind: string;
  readonly retriever: Retriever;
}

/**
 * Joins the rankings of several retrievers, each asked for `depth` passages whatever k is: normalised scores depend on how
 * deep a ranking goes, and the first hits must not depend on how many are wanted. At most parts × depth hits come back.
 * The parts search at the same time; timed, one after another, so that each has a time of its own.
 */
export function fusionRetriever(
  parts: readonly FusionPart[],
  settings: FusionSettings,
  depth: number,
  monotonic: Monotonic,
): Retriever {
  const names = partNames(parts);
  const join = (rankings: readonly (readonly Ranking[])[], count: number, k: number): Ranking[] =>
    Array.from({ length: count }, (_, at) =>
      fuse(
        rankings.map((part) => part[at]!),
        settings,
      ).slice(0, k),
    );
  return {
    async search(queries, k, signal) {
      signal.throwIfAborted();
      const rankings = await Promise.all(parts.map(({ retriever }) => retriever.search(queries, depth, signal)));
      return join(rankings, queries.length, k);
    },
    async searchTimed(queries, k, signal) {
      signal.throwIfAborted();
      const found: TimedSearch[] = [];
      for (const { retriever } of parts) found.push(await searchTimed(retriever, queries, depth, signal, monotonic));
      const times = new StageTimes(monotonic);
      const each = found.map(({ rankings }) => rankings);
      const rankings = await times.run("fuse", () => join(each, queries.length, k));
      const inner = found.flatMap(({ stages }, at) => stages.map(([s, ms]): StageTime => [`${names[at]} ${s}`, ms]));
      return { rankings, stages: [...inner, ...times.stages], source: joinSources(found.map(({ source }) => source)) };
    },
  };
}

/** The kinds, numbered where several are the same: `dense`, `bm25 1`, `bm25 2`. */
function partNames(parts: readonly FusionPart[]): string[] {
  return parts.map(({ kind }, at) => {
    const alike = parts.filter((part) => part.kind === kind);
    return alike.length === 1 ? kind : `${kind} ${alike.indexOf(parts[at]!) + 1}`;
  });
}
