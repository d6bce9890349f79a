import type { System } from "../config/resolved.ts";
import type { Clock, Generator, Retriever } from "../core/contracts.ts";
import { BenchError, DataError } from "../core/errors.ts";
import type { Passage } from "../core/passage.ts";
import type { Problem } from "../core/problem.ts";
import { buildGenerator } from "./build-generator.ts";
import { buildRetriever } from "./build-retriever.ts";
import { indexOpener } from "./index-opener.ts";

/** What a system is built from besides its file. */
export interface SystemDeps {
  /** The corpus from its start; called once for each index that is not in the cache. */
  readonly passages: () => AsyncIterable<Passage>;
  readonly corpusSha256: string;
  /** Folder of index files; made when needed, safe to delete. */
  readonly cacheDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** @default the platform's fetch */
  readonly fetch?: typeof globalThis.fetch;
  /** Waits between attempts; rejects when the signal is aborted. @default a timer */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Uniform in [0, 1), for the jitter of the waits. @default no jitter */
  readonly random?: () => number;
  /** Called now and then while an index is built. */
  readonly onProgress?: (progress: BuildProgress) => void;
}

export interface BuildProgress {
  readonly stage: "index";
  /** Passages read so far. */
  readonly done: number;
}

/** A system ready to be asked. */
export interface BuiltSystem {
  readonly retriever?: Retriever;
  readonly generator?: Generator;
  /** How many calls the system takes at once; 1 for those that compute in this process. */
  readonly concurrency: number;
  /**
   * Asks an endpoint whether it is there, takes the key and serves the model, before any question is put. Does nothing for
   * systems in this process; worth skipping when a resumed run has nothing left to ask.
   * @throws UnavailableError with the fix
   */
  preflight(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/**
 * Builds the system that a file describes: opens or builds its index, reads its prompt and its replayed files.
 * @throws DataError with every problem of the files it names and of the environment (a missing key)
 */
export async function buildSystem(system: System, deps: SystemDeps): Promise<BuiltSystem> {
  const { retriever, generator } = system.config;
  const index = indexOpener(deps);
  const problems: Problem[] = [];
  // Both parts are tried, so that what is wrong with either is said at once.
  const built = async <T>(part: Promise<T> | undefined): Promise<T | undefined> => {
    try {
      return await part;
    } catch (error) {
      if (!(error instanceof BenchError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const answers = await built(generator && buildGenerator(generator, system, deps, index));
  const ranks = await built(retriever && buildRetriever(retriever, system, deps, index));
  if (problems.length > 0) throw new DataError(problems);
  return {
    ...(ranks && { retriever: ranks }),
    ...(answers && { generator: answers.generator }),
    concurrency: answers?.concurrency ?? 1,
    preflight: async (signal) => answers?.preflight?.(signal),
    close: async () => undefined,
  };
}
