import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { BadArgument } from "../core/errors.ts";
import type { Ranking } from "../core/ranking.ts";
import type { Bm25Arrays } from "./bm25-arrays.ts";
import type { Bm25Index } from "./bm25-index.ts";
import type { WorkerRequest, WorkerStart } from "./bm25-worker.ts";

/** Queries that a thread gets at once: a message costs little beside them, and threads end at about the same time. */
const BATCH = 16;

/** The program of a thread, beside this module once it is compiled. */
export const BM25_PROGRAM = new URL("./bm25-worker.js", import.meta.url);

interface Task extends WorkerRequest {
  readonly done: (rankings: Ranking[]) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * BM25 search in threads over one index in shared memory, with the rankings that the index itself gives. Each thread takes
 * about 13 bytes a passage of its own.
 */
export class Bm25Workers {
  readonly #idle: Worker[];
  readonly #workers: readonly Worker[];
  readonly #running = new Map<Worker, Task>();
  #waiting: Task[] = [];
  #stopped: unknown;

  private constructor(workers: readonly Worker[]) {
    this.#workers = workers;
    this.#idle = [...workers];
    for (const worker of workers) {
      worker.on("message", (rankings: Ranking[]) => this.#finish(worker, rankings));
      worker.on("error", (error) => this.#stop(error));
      worker.on("exit", (code) => this.#stop(new Error(`a search thread ended with code ${code}`)));
    }
  }

  /**
   * Starts the threads; they do not keep the process alive.
   * @param threads 1 or more
   */
  static async start(index: Bm25Index, threads: number, program: URL = BM25_PROGRAM): Promise<Bm25Workers> {
    if (!(Number.isSafeInteger(threads) && threads >= 1)) {
      throw new BadArgument(`threads must be a whole number of at least 1, got ${threads}`);
    }
    const workerData: WorkerStart = { arrays: shared(index.arrays), settings: index.settings };
    const workers = Array.from({ length: threads }, () => new Worker(program, { workerData }));
    try {
      await Promise.all(workers.map((worker) => once(worker, "message")));
    } catch (error) {
      await Promise.all(workers.map((worker) => worker.terminate()));
      throw error;
    }
    for (const worker of workers) worker.unref();
    return new Bm25Workers(workers);
  }

  /**
   * One ranking a text, in their order: see `Bm25Index.search`.
   * @throws the signal's reason when it is aborted; an Error when a thread ended or `close` was called
   */
  async search(texts: readonly string[], k: number, signal?: AbortSignal): Promise<Ranking[]> {
    signal?.throwIfAborted();
    const mine: Task[] = [];
    const parts: Promise<Ranking[]>[] = [];
    for (let from = 0; from < texts.length; from += BATCH) {
      parts.push(new Promise((done, failed) => mine.push({ texts: texts.slice(from, from + BATCH), k, done, failed })));
    }
    const abort = (): void => {
      this.#waiting = this.#waiting.filter((task) => !mine.includes(task));
      for (const task of mine) task.failed(signal!.reason);
    };
    signal?.addEventListener("abort", abort, { once: true });
    this.#waiting.push(...mine);
    this.#dispatch();
    try {
      return (await Promise.all(parts)).flat();
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Ends the threads; what is still searched for fails. */
  async close(): Promise<void> {
    this.#stop(new Error("the search threads were closed"));
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #dispatch(): void {
    if (this.#stopped !== undefined) {
      for (const task of this.#waiting.splice(0)) task.failed(this.#stopped);
    }
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const worker = this.#idle.pop()!;
      const task = this.#waiting.shift()!;
      this.#running.set(worker, task);
      worker.ref();
      worker.postMessage({ texts: task.texts, k: task.k } satisfies WorkerRequest);
    }
  }

  #finish(worker: Worker, rankings: Ranking[]): void {
    this.#running.get(worker)?.done(rankings);
    this.#running.delete(worker);
    worker.unref();
    this.#idle.push(worker);
    this.#dispatch();
  }

  #stop(reason: unknown): void {
    this.#stopped ??= reason;
    for (const task of this.#running.values()) task.failed(this.#stopped);
    this.#running.clear();
    this.#dispatch();
  }
}

/** The same arrays in memory that threads share; those that lie there already are not copied. */
function shared(arrays: Bm25Arrays): Bm25Arrays {
  const copies = Object.entries(arrays).map(([name, array]: [string, Bm25Arrays[keyof Bm25Arrays]]) => {
    if (array.buffer instanceof SharedArrayBuffer) return [name, array];
    const Type = array.constructor as new (data: SharedArrayBuffer) => typeof array;
    const copy = new Type(new SharedArrayBuffer(array.byteLength));
    copy.set(array);
    return [name, copy];
  });
  return Object.fromEntries(copies) as Bm25Arrays;
}
