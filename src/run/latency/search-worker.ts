/**
 * The program of a worker thread: builds a system's retriever from saved files and searches what it is sent.
 * @module
 */
import { parentPort, workerData } from "node:worker_threads";
import type { System } from "../../config/index.ts";
import type { Timing } from "../../core/contracts.ts";
import { BenchError, SystemFailure } from "../../core/errors.ts";
import type { Query } from "../../core/query.ts";
import type { Ranking } from "../../core/ranking.ts";
import { buildSystem, type SystemDeps } from "../../system/index.ts";

export interface WorkerSetup extends Pick<SystemDeps, "corpusSha256" | "cacheDir" | "env"> {
  readonly system: System;
}

/** One call for a thread. */
export interface Asked {
  readonly queries: readonly Query[];
  readonly k: number;
}

/** What a thread says: `ready` or `failed` once at its start, then one reply per call. */
export type Reply =
  | { readonly kind: "ready" }
  | { readonly kind: "rankings"; readonly rankings: readonly Ranking[]; readonly source: Timing["source"] }
  | { readonly kind: "failed"; readonly code: string; readonly message: string };

if (parentPort) {
  const port = parentPort;
  const signal = new AbortController().signal;
  const say = (reply: Reply): void => port.postMessage(reply);
  try {
    const { system, ...files } = workerData as WorkerSetup;
    const { retriever } = await buildSystem(system, {
      ...files,
      passages: notSaved,
      signal,
      clock: { now: () => performance.timeOrigin + performance.now(), monotonic: () => performance.now() },
    });
    if (retriever === undefined) throw new Error("the system has no retriever");
    port.on("message", async ({ queries, k }: Asked) => {
      try {
        if (retriever.searchTimed) say({ kind: "rankings", ...(await retriever.searchTimed(queries, k, signal)) });
        else say({ kind: "rankings", rankings: await retriever.search(queries, k, signal), source: "measured" });
      } catch (error) {
        say(failure(error));
      }
    });
    say({ kind: "ready" });
  } catch (error) {
    say(failure(error));
  }
}

/** Each thread would read the whole corpus again. */
async function* notSaved(): AsyncGenerator<never> {
  yield* [];
  throw new Error("its index is not saved in the cache");
}

function failure(error: unknown): Reply {
  // It becomes part of a line: what to do about it stands with the run itself.
  const [problem] = error instanceof BenchError ? error.problems : [];
  const message = problem ? `expected ${problem.expected}, got ${problem.got}` : (error as Error).message;
  return { kind: "failed", code: error instanceof SystemFailure ? error.code : "E_WORKER", message };
}
