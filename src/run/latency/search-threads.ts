import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { System } from "../../config/index.ts";
import type { TimedSearch } from "../../core/contracts.ts";
import { SystemFailure } from "../../core/errors.ts";
import type { Query } from "../../core/query.ts";
import type { Asked, Reply, WorkerSetup } from "./search-worker.ts";

/** A retriever in worker threads, each with its own; a thread is asked one call at a time. */
export interface SearchThreads {
  readonly searches: readonly ((
    queries: readonly Query[],
    k: number,
  ) => Promise<Pick<TimedSearch, "rankings" | "source">>)[];
  close(): Promise<void>;
}

/** Starts a number of threads, or says why there are none. */
export type StartThreads = (count: number) => Promise<SearchThreads | { readonly unavailable: string }>;

export interface ThreadOptions extends Omit<WorkerSetup, "system"> {
  readonly system: System;
  /** The compiled worker. @default the one beside this module */
  readonly entry?: URL;
}

/** What answers elsewhere, so that a thread more on this side says nothing about its speed, and what one thread alone may load. */
const NOT_IN_THREADS: ReadonlyMap<string, string> = new Map([
  ["http", "an endpoint searches"],
  ["openai", "an endpoint encodes the questions"],
  ["process", "another process searches"],
  ["replay", "its rankings are read from a file"],
  ...["flat", "hnsw", "ivf"].map((kind) => [kind, "faiss is loaded by one thread alone"] as const),
]);

/**
 * How to put a system's retriever into worker threads: each thread builds its own from the same configuration and the index
 * files that are saved in the cache.
 */
export function searchThreads(options: ThreadOptions): StartThreads | { readonly unavailable: string } {
  const barred = kindsOf(options.system.config.retriever).find((kind) => NOT_IN_THREADS.has(kind));
  if (barred !== undefined) return { unavailable: `not put into threads: ${NOT_IN_THREADS.get(barred)} (${barred})` };
  const { entry = new URL("./search-worker.js", import.meta.url), ...setup } = options;
  if (!existsSync(fileURLToPath(entry))) return { unavailable: "threads need the compiled program: npm run build" };
  return async (count) => {
    const threads = await Promise.all(Array.from({ length: count }, () => startThread(entry, setup)));
    const failed = threads.find((thread) => "unavailable" in thread);
    const close = async () => {
      await Promise.all(threads.map((thread) => "worker" in thread && thread.worker.terminate()));
    };
    if (failed !== undefined) {
      await close();
      return failed;
    }
    return { searches: threads.flatMap((thread) => ("worker" in thread ? asking(thread.worker) : [])), close };
  };
}

/** The kinds named anywhere in a configuration: of the retriever, of its parts and of their encoders. */
function kindsOf(config: unknown): string[] {
  if (config === null || typeof config !== "object") return [];
  return Object.entries(config).flatMap(([key, value]) =>
    key === "kind" && typeof value === "string" ? [value] : kindsOf(value),
  );
}

type Started = { readonly worker: Worker } | { readonly unavailable: string };

async function startThread(entry: URL, { system, ...rest }: Omit<ThreadOptions, "entry">): Promise<Started> {
  const { generator: _, ...config } = system.config;
  const setup: WorkerSetup = { ...rest, system: { ...system, config } };
  try {
    const worker = new Worker(entry, { workerData: setup });
    const first = await nextReply(worker);
    if (first.kind === "ready") return { worker };
    await worker.terminate();
    return { unavailable: `not put into threads: ${first.kind === "failed" ? first.message : "no answer"}` };
  } catch (error) {
    return { unavailable: `not put into threads: ${(error as Error).message}` };
  }
}

function asking(worker: Worker): SearchThreads["searches"][number] {
  return async (queries, k) => {
    const asked: Asked = { queries, k };
    worker.postMessage(asked);
    const reply = await nextReply(worker);
    if (reply.kind === "rankings") return reply;
    const { code, message } = reply.kind === "failed" ? reply : { code: "E_WORKER", message: "not a ranking" };
    throw new SystemFailure(code, message, { retryable: false });
  };
}

/** @throws what the thread died of; a thread that just ends would be waited for in vain */
async function nextReply(worker: Worker): Promise<Reply> {
  const done = new AbortController();
  const ended = once(worker, "exit", { signal: done.signal }).then(() => {
    throw new SystemFailure("E_WORKER", "the worker thread ended", { retryable: false });
  });
  const replied = once(worker, "message", { signal: done.signal }).then(([reply]) => reply as Reply);
  try {
    return await Promise.race([replied, ended]);
  } finally {
    // Both listeners go; what waits on them is told so, and nobody listens.
    for (const waiting of [replied, ended]) waiting.catch(() => undefined);
    done.abort();
  }
}
