import { setImmediate } from "node:timers/promises";
import type { Clock, Timing } from "../../core/contracts.ts";
import { SystemFailure } from "../../core/errors.ts";
import type { Query } from "../../core/query.ts";
import type { Ranking } from "../../core/ranking.ts";
import type { ThroughputLine } from "../../runlog/index.ts";
import { settleRanking } from "../check-reply.ts";
import type { LogRankings } from "./log-rankings.ts";

/** Rounds that are timed: enough to see how far they differ. */
const ROUNDS = 5;
/** How long a round lasts at least, in milliseconds; every lane finishes the batch it is at. */
const ROUND_MS = 250;

/** One place that searches, a call at a time: the process itself, or a worker thread. */
export type Lane = (
  queries: readonly Query[],
) => Promise<{ readonly rankings: readonly Ranking[]; readonly source: Timing["source"] }>;

export interface ThroughputOptions {
  /** What the line says: 0 for the process itself. */
  readonly workers: number;
  readonly lanes: readonly Lane[];
  readonly queries: readonly Query[];
  readonly k: number;
  readonly batch: number;
  /** Questions each lane is asked before the clock counts. */
  readonly warmup: number;
  readonly expected: LogRankings;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Questions per second with all lanes busy: batches in the order of the questions, from the first again after the last, in
 * five rounds. Before, every question is asked once and compared with the log, and every lane is warmed up.
 * @returns why there is none, where a call failed
 */
export async function measureThroughput(options: ThroughputOptions): Promise<ThroughputLine> {
  const { workers, lanes, queries, batch, clock, signal } = options;
  const sources = new Set<Timing["source"]>();
  try {
    const compared = await compareAll(options);
    const next = endless(queries, batch);
    const ask = async (lane: Lane): Promise<number> => {
      signal.throwIfAborted();
      const asked = next();
      sources.add((await lane(asked)).source);
      return asked.length;
    };
    await Promise.all(
      lanes.map(async (lane) => {
        for (let warm = 0; warm < options.warmup; await setImmediate()) warm += await ask(lane);
      }),
    );
    sources.clear();
    const rounds: [number, number][] = [];
    while (rounds.length < ROUNDS) {
      // Lets Ctrl-C be seen, outside of what is timed.
      await setImmediate();
      const start = clock.monotonic();
      let done = 0;
      await Promise.all(
        lanes.map(async (lane) => {
          do done += await ask(lane);
          while (clock.monotonic() - start < ROUND_MS);
        }),
      );
      rounds.push([done, Math.max(0, clock.monotonic() - start)]);
    }
    const source = sources.has("cached") ? "cached" : sources.has("replayed") ? "replayed" : "measured";
    return { kind: "throughput", workers, source, rounds, ...compared };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SystemFailure)) throw error;
    return { kind: "no-throughput", workers, reason: `${error.code}: ${error.message}` };
  }
}

/** Asks every question once, over all lanes, and counts the rankings that are not those of the log. */
async function compareAll({ lanes, queries, k, batch, expected, signal }: ThroughputOptions) {
  const counts = { compared: 0, different: 0 };
  let at = 0;
  await Promise.all(
    lanes.map(async (lane) => {
      while (at < queries.length) {
        await setImmediate();
        signal.throwIfAborted();
        const asked = queries.slice(at, at + batch);
        at += batch;
        const { rankings } = await lane(asked);
        for (const [i, { id }] of asked.entries()) {
          const same = expected.same(id, settleRanking(rankings.slice(i, i + 1), k));
          if (same !== undefined) counts.compared += 1;
          if (same === false) counts.different += 1;
        }
      }
    }),
  );
  return counts;
}

/** Batches of one size, however few questions there are. */
function endless(queries: readonly Query[], batch: number): () => Query[] {
  let at = 0;
  return () => Array.from({ length: batch }, () => queries[at++ % queries.length]!);
}
