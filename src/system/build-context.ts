import { join } from "node:path";
import type { System } from "../config/resolved.ts";
import { hashValue } from "../lib/hash.ts";
import { pointerKeys } from "../lib/pointer.ts";
import { sleepFor } from "../lib/retry.ts";
import type { SystemDeps } from "./build-system.ts";
import { indexOpener, type OpenIndex } from "./index-opener.ts";
import type { Patience } from "./openai/ask-endpoint.ts";
import { fileLedger } from "./pace/day-ledger.ts";
import { Pacer, type Rate } from "./pace/pacer.ts";

/** What the parts of one system share while it is built, and what they leave for later. */
export interface BuildContext {
  readonly system: System;
  readonly deps: SystemDeps;
  readonly openIndex: OpenIndex;
  /** Asked before the first question; each throws UnavailableError with the fix. */
  readonly preflights: ((signal: AbortSignal) => Promise<void>)[];
  /** What is to be told after a run. */
  readonly notes: (() => readonly string[])[];
  readonly closers: (() => Promise<void>)[];
  /** How many calls each part takes at once that waits for another process; a part in this process adds none. */
  readonly limits: number[];
  /** What lets calls of each endpoint go. */
  readonly pacers: Pacer[];
}

export function buildContext(system: System, deps: SystemDeps): BuildContext {
  return { system, deps, openIndex: indexOpener(deps), preflights: [], notes: [], closers: [], limits: [], pacers: [] };
}

/** Closes all parts, the last built first; one that fails does not keep the others open. */
export async function closeAll({ closers }: BuildContext): Promise<void> {
  const ended = await Promise.allSettled(
    closers
      .splice(0)
      .reverse()
      .map((close) => close()),
  );
  for (const end of ended) if (end.status === "rejected") throw end.reason;
}

/** A value of the configuration as the file writes it: `${VAR}` unreplaced, names of files relative. */
export function writtenValue({ publicConfig }: Pick<System, "publicConfig">, pointer: string): string | undefined {
  let value: unknown = publicConfig;
  for (const key of pointerKeys(pointer)) value = (value as Record<string, unknown> | undefined)?.[key];
  return typeof value === "string" ? value : undefined;
}

export function patienceOf(config: { timeout_s: number; max_attempts: number }, deps: SystemDeps): Patience {
  const { clock, sleep = sleepFor, random = () => 0 } = deps;
  return { timeoutMs: config.timeout_s * 1000, maxAttempts: config.max_attempts, clock, sleep, random };
}

export interface PacedConfig {
  /** The address, under the name that the kind of endpoint gives it. */
  readonly base_url?: string;
  readonly url?: string;
  readonly api_key_env?: string | undefined;
  readonly timeout_s: number;
  readonly max_attempts: number;
  readonly concurrency: number;
  readonly rate?: Rate | undefined;
  readonly question_timeout_s?: number | undefined;
}

/**
 * The patience with which questions are put to an endpoint: as {@link patienceOf}, and each attempt in its turn unless the
 * caller wants calls to go at once.
 * @param server as messages may show it: the place in the file that names it
 */
export function pacedPatience(config: PacedConfig, server: string, context: BuildContext): Patience {
  const { deps, pacers, closers } = context;
  const patience = patienceOf(config, deps);
  const limits = [deps.questionTimeoutMs, config.question_timeout_s && config.question_timeout_s * 1000];
  const questionTimeoutMs = Math.min(...limits.filter((ms) => ms !== undefined));
  if (deps.unpaced) return { ...patience, questionTimeoutMs };
  const { clock, sleep } = patience;
  // One day for all systems that ask the same server with the same key.
  const endpoint = hashValue([config.base_url ?? config.url ?? server, config.api_key_env ?? ""]).slice(0, 32);
  const ledger = fileLedger(join(deps.cacheDir, "day-budgets", `${endpoint}.json`));
  const pacer = new Pacer({ server, concurrency: config.concurrency, rate: config.rate ?? {}, clock, sleep, ledger });
  pacers.push(pacer);
  closers.push(async () => pacer.remember());
  return { ...patience, pacer, questionTimeoutMs };
}

/** A fetch whose replies' rate-limit headers the pacer hears of. */
export function heardFetch(fetch: typeof globalThis.fetch, pacer: Pacer | undefined): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    pacer?.heard(response.headers);
    return response;
  };
}
