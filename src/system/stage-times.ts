import type { Retriever, StageTime, TimedSearch } from "../core/contracts.ts";
import type { Query } from "../core/query.ts";

/** Milliseconds that only grow. */
export type Monotonic = () => number;

/** Runs the stages of a search one after another and keeps how long each took. */
export class StageTimes {
  readonly stages: StageTime[] = [];
  readonly #monotonic: Monotonic;

  constructor(monotonic: Monotonic) {
    this.#monotonic = monotonic;
  }

  /** @param stage a name that was not used before */
  async run<T>(stage: string, work: () => T | Promise<T>): Promise<T> {
    const start = this.#monotonic();
    const result = await work();
    this.stages.push([stage, this.#monotonic() - start]);
    return result;
  }
}

/** A search with its stages; a retriever that does not time them has one, `search`. */
export async function searchTimed(
  retriever: Retriever,
  queries: readonly Query[],
  k: number,
  signal: AbortSignal,
  monotonic: Monotonic,
): Promise<TimedSearch> {
  if (retriever.searchTimed) return retriever.searchTimed(queries, k, signal);
  const times = new StageTimes(monotonic);
  const rankings = await times.run("search", () => retriever.search(queries, k, signal));
  return { rankings, stages: times.stages, source: "measured" };
}

/** Where the time of a whole comes from: one part that was not measured makes the whole no measurement. */
export function joinSources(sources: readonly TimedSearch["source"][]): TimedSearch["source"] {
  return (["cached", "replayed"] as const).find((source) => sources.includes(source)) ?? "measured";
}

/** A retriever whose rankings come from a file: its time is that of looking them up, so that none counts as measured. */
export function replayed({ search }: Pick<Retriever, "search">): Retriever {
  return {
    search,
    searchTimed: async (...args) => ({ rankings: await search(...args), stages: [], source: "replayed" }),
  };
}
