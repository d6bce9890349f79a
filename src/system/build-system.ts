import type { System } from "../config/resolved.ts";
import type { RetrieverConfig } from "../config/retriever-schema.ts";
import type { Clock, Generator, Retriever } from "../core/contracts.ts";
import { BenchError, DataError, UnavailableError } from "../core/errors.ts";
import type { Passage } from "../core/passage.ts";
import type { Problem } from "../core/problem.ts";
import { buildContext, closeAll } from "./build-context.ts";
import { buildGenerator } from "./build-generator.ts";
import { buildRetriever } from "./build-retriever.ts";
import type { EndpointState } from "./pace/endpoint-state.ts";
import type { Pace } from "./pace/pacer.ts";

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
  /**
   * The passages of the corpus by id, for re-rankers: an `openPassageStore`. @default all texts are read into memory
   */
  readonly lookup?: (ids: readonly string[]) => Promise<readonly (Passage | undefined)[]>;
  /**
   * Called for each retriever that was built, those inside others too; what it returns is used in its place. For whoever builds
   * many systems that have parts in common and wants each part's work done once.
   */
  readonly share?: (config: RetrieverConfig, retriever: Retriever) => Retriever;
  /**
   * Whether calls go to an endpoint at once, whatever budgets and concurrency its file names and however busy it says to be: a
   * load test that held its calls back would measure itself.
   */
  readonly unpaced?: boolean;
  /**
   * What is known of each endpoint, by a hash of address and key: systems and judges that are given the same map share budgets,
   * and back off together. @default the parts of one system
   */
  readonly endpoints?: Map<string, EndpointState>;
  /** What all attempts at one answer may take together, where the file allows more. */
  readonly questionTimeoutMs?: number;
  /** Called now and then while an index is built. */
  readonly onProgress?: (progress: BuildProgress) => void;
}

export interface BuildProgress {
  /** What is made: a BM25 index, vectors, or the table by which another system's passages are found. */
  readonly stage: "index" | "embed" | "match";
  /** Passages read so far. */
  readonly done: number;
  /** Of those, how many had to be encoded; the rest were in the store. Only when vectors are made. */
  readonly embedded?: number;
}

/** A system ready to be asked. */
export interface BuiltSystem {
  readonly retriever?: Retriever;
  readonly generator?: Generator;
  /**
   * How many questions the system takes at once: what its generator takes, else its retriever; 1 for those that compute in
   * this process. Parts that take fewer let calls wait.
   */
  readonly concurrency: number;
  /**
   * Asks an endpoint whether it is there, takes the key and serves the model, before any question is put. Does nothing for
   * systems in this process; worth skipping when a resumed run has nothing left to ask.
   * @throws UnavailableError with the fix
   */
  preflight(signal: AbortSignal): Promise<void>;
  /**
   * What is worth telling after a run, a sentence each: a re-ranker that never changed an order, passages that the corpus
   * does not know, texts that an encoder cut off. Free of secrets and control characters.
   */
  notes(): readonly string[];
  /** What holds calls of its endpoints back at the moment; empty for a system in this process. */
  pace(): readonly Pace[];
  /** Ends processes and lets go of files. */
  close(): Promise<void>;
}

/**
 * Builds the system that a file describes: opens or builds its indexes, encodes the corpus where vectors are missing, reads
 * its prompt and its replayed files.
 * @throws DataError with every problem of the files it names and of the environment (a missing key)
 * @throws UnavailableError when a server is needed to build and cannot be used: an encoder's
 */
export async function buildSystem(system: System, deps: SystemDeps): Promise<BuiltSystem> {
  const { retriever, generator } = system.config;
  const context = buildContext(system, deps);
  const problems: Problem[] = [];
  let unavailable = false;
  // Both parts are tried, so that what is wrong with either is said at once.
  const built = async <T>(part: Promise<T> | undefined): Promise<T | undefined> => {
    try {
      return await part;
    } catch (error) {
      if (!(error instanceof BenchError)) {
        await closeAll(context);
        throw error;
      }
      problems.push(...error.problems);
      unavailable ||= error instanceof UnavailableError;
      return undefined;
    }
  };
  const answers = await built(generator && buildGenerator(generator, context));
  const ranks = await built(retriever && buildRetriever(retriever, "/retriever", context));
  if (problems.length > 0) {
    await closeAll(context);
    throw unavailable ? new UnavailableError(problems) : new DataError(problems);
  }
  return {
    ...(ranks && { retriever: ranks }),
    ...(answers && { generator: answers.generator }),
    concurrency: answers?.concurrency ?? Math.max(1, ...context.limits),
    preflight: async (signal) => {
      for (const ask of context.preflights) await ask(signal);
    },
    notes: () => context.notes.flatMap((notes) => notes()),
    pace: () => context.pacers.map(({ pace }) => pace),
    close: () => closeAll(context),
  };
}
