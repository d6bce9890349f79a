import type { System } from "../config/resolved.ts";
import type { Clock, Generator, Retriever } from "../core/contracts.ts";
import type { Passage } from "../core/passage.ts";

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
export async function buildSystem(_system: System, _deps: SystemDeps): Promise<BuiltSystem> {
  throw new Error("not built yet");
}
