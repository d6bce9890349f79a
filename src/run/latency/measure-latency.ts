import { setImmediate } from "node:timers/promises";
import type { Clock, Retriever, TimedSearch } from "../../core/contracts.ts";
import { SystemFailure } from "../../core/errors.ts";
import type { Query } from "../../core/query.ts";
import { truncate } from "../../lib/text.ts";
import {
  type LatencyBodyLine,
  type LatencyFacts,
  type Owner,
  openRun,
  readQuestions,
  writeLatency,
} from "../../runlog/index.ts";
import { queryOf } from "../ask-question.ts";
import { settleRanking } from "../check-reply.ts";
import { LogRankings } from "./log-rankings.ts";
import type { StartThreads } from "./search-threads.ts";
import { type Lane, measureThroughput } from "./throughput.ts";

/** Numbers of worker threads whose throughput is measured, beside that of the process itself. */
export const WORKERS: readonly number[] = [1, 2, 4];

export interface LatencyDeps extends Pick<LatencyFacts, "code" | "machine"> {
  readonly retriever: Retriever;
  /** Puts the retriever into worker threads, or says why it cannot be put there. */
  readonly threads: StartThreads | { readonly unavailable: string };
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly owner: Owner;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly failed: number }) => void;
}

/**
 * Measures how long a system's retrieval takes, apart from the run: nothing else is going on, scoring and logging are outside
 * the clock. First `warmup` questions that do not count, then each question of the run one at a time (its stages apart
 * where the retriever times them), then throughput in batches in the process and in 1, 2 and 4 worker threads. A failing
 * question is recorded and not asked again: what a second attempt takes is no latency. Every ranking is compared with the
 * run's log.
 * @param dir of a complete run
 * @throws DataError as `writeLatency` does; the signal's reason once it is aborted, and then nothing is written
 */
export async function measureLatency(
  dir: string,
  { warmup, batch }: { readonly warmup: number; readonly batch: number },
  deps: LatencyDeps,
): Promise<void> {
  const { clock, code, machine, owner, signal } = deps;
  const k = (await openRun(dir)).manifest.depth;
  const queries: Query[] = [];
  for await (const question of readQuestions(dir)) queries.push(queryOf(question));
  const expected = await LogRankings.read(dir);
  const search = timedSearch(deps, k);
  const iso = () => new Date(clock.now()).toISOString();
  const facts = { warmup, batch, code, machine, startedAt: iso() };
  const pass = async (write: (line: LatencyBodyLine) => Promise<void>): Promise<void> => {
    for (let i = 0; i < warmup; i += 1) await timeOne(queries[i % queries.length]!, { search, expected, k, ...deps });
    let failed = 0;
    for (const [i, query] of queries.entries()) {
      const line = await timeOne(query, { search, expected, k, ...deps });
      if (line.kind === "failure") failed += 1;
      await write(line);
      deps.onProgress?.({ done: i + 1, total: queries.length, failed });
    }
    const shared = { queries, k, batch, warmup, expected, clock, signal };
    await write(await measureThroughput({ ...shared, workers: 0, lanes: [search] }));
    for (const workers of WORKERS) await write(await inThreads(workers, shared, deps));
  };
  await writeLatency(dir, facts, pass, iso, { owner });
}

type Search = (queries: readonly Query[]) => Promise<TimedSearch>;

/** One call of the retriever; its own stages where it times them. */
function timedSearch({ retriever, signal }: LatencyDeps, k: number): Search {
  if (retriever.searchTimed) return (queries) => retriever.searchTimed!(queries, k, signal);
  return async (queries) => ({
    rankings: await retriever.search(queries, k, signal),
    stages: [],
    source: "measured",
  });
}

interface Timed extends LatencyDeps {
  readonly search: Search;
  readonly expected: LogRankings;
  readonly k: number;
}

async function timeOne(query: Query, { search, expected, k, clock, signal }: Timed): Promise<LatencyBodyLine> {
  // A retriever that never waits would keep Ctrl-C from being seen; the pause is not timed.
  await setImmediate();
  signal.throwIfAborted();
  const start = clock.monotonic();
  try {
    const { rankings, stages, source } = await search([query]);
    const ms = Math.max(0, clock.monotonic() - start);
    const same = expected.same(query.id, settleRanking(rankings, k));
    const parts = stages.map(([stage, part]): [string, number] => [stage, Math.max(0, part)]);
    return {
      kind: "timing",
      query: query.id,
      ms,
      ...(parts.length > 0 && { stages: parts }),
      source,
      ...(same !== undefined && { same }),
    };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SystemFailure)) throw error;
    return { kind: "failure", query: query.id, code: error.code, message: truncate(error.message, 1000) };
  }
}

type Shared = Omit<Parameters<typeof measureThroughput>[0], "workers" | "lanes">;

async function inThreads(workers: number, shared: Shared, { threads }: LatencyDeps): Promise<LatencyBodyLine> {
  const none = (reason: string): LatencyBodyLine => ({ kind: "no-throughput", workers, reason });
  if (typeof threads !== "function") return none(threads.unavailable);
  const started = await threads(workers);
  if ("unavailable" in started) return none(started.unavailable);
  try {
    const lanes = started.searches.map(
      (search): Lane =>
        async (queries) =>
          search(queries, shared.k),
    );
    return await measureThroughput({ ...shared, workers, lanes });
  } finally {
    await started.close();
  }
}
