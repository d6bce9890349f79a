import { join } from "node:path";
import type { AskingKeys } from "../config/endpoint-keys.ts";
import { hashValue } from "../lib/hash.ts";
import { sleepFor } from "../lib/retry.ts";
import type { SystemDeps } from "./build-system.ts";
import type { Patience } from "./openai/ask-endpoint.ts";
import { fileLedger } from "./pace/day-ledger.ts";
import { EndpointState } from "./pace/endpoint-state.ts";
import { type HedgeRule, Hedging } from "./pace/hedging.ts";
import { Pacer } from "./pace/pacer.ts";

/** What a part says of its server: where it is, and how it is asked. */
export interface PacedConfig extends AskingKeys {
  /** The address, under the name that the kind of endpoint gives it. */
  readonly base_url?: string;
  readonly url?: string;
  readonly api_key_env?: string;
  readonly headers_env?: Readonly<Record<string, string>>;
  readonly model?: string;
  readonly hedge?: HedgeRule;
}

/** What pacing needs of the outside world. */
export interface PaceDeps extends Pick<SystemDeps, "clock" | "sleep" | "random" | "unpaced" | "endpoints"> {
  /** Where a day's use is kept beyond the process. @default nowhere */
  readonly cacheDir?: string;
}

/** What the parts of one system, or a judge, leave behind while they are built. */
export interface Pacing {
  readonly deps: PaceDeps;
  readonly pacers: Pacer[];
  readonly notes: (() => readonly string[])[];
  readonly closers: (() => Promise<void>)[];
}

/** The patience with which a server is asked at once: before the first question, nobody waits for it to come back. */
export function patienceOf(config: Pick<AskingKeys, "timeout_s" | "max_attempts">, deps: PaceDeps): Patience {
  const { clock, sleep = sleepFor, random = () => 0 } = deps;
  return { timeoutMs: config.timeout_s * 1000, maxAttempts: config.max_attempts, clock, sleep, random };
}

/**
 * The patience with which a part puts questions to its endpoint: as {@link patienceOf}, and each attempt in its turn unless the
 * caller wants calls to go at once.
 * @param server as messages may show it: the place in the file that names it
 * @param questionTimeoutMs what the caller allows for one question, where the file allows more
 */
export function pacedPatience(
  config: PacedConfig,
  server: string,
  { deps, pacers, notes, closers }: Pacing,
  questionTimeoutMs = Number.POSITIVE_INFINITY,
): Patience {
  const { question_timeout_s = Number.POSITIVE_INFINITY, hedge, concurrency, rate = {} } = config;
  const patience = {
    ...patienceOf(config, deps),
    questionTimeoutMs: Math.min(questionTimeoutMs, question_timeout_s * 1000),
  };
  if (deps.unpaced) return patience;
  const { clock, sleep } = patience;
  const endpoint = stateOf(config, server, deps);
  const pacer = new Pacer({ server, concurrency, rate, clock, sleep, endpoint });
  pacers.push(pacer);
  closers.push(async () => endpoint.remember());
  if (hedge === undefined) return { ...patience, pacer };
  const hedging = new Hedging(hedge);
  notes.push(() => {
    const { sent, twice } = hedging.counts;
    return twice > 0 ? [`${server}: ${twice} of ${sent} requests were sent a second time (hedge)`] : [];
  });
  return { ...patience, pacer, hedging };
}

/** What this process knows of the endpoint: one budget for all parts that ask the same server with the same key. */
function stateOf(config: PacedConfig, server: string, { clock, cacheDir, endpoints }: PaceDeps): EndpointState {
  const { base_url, url, api_key_env, headers_env, model, rate } = config;
  const address = (base_url ?? url ?? server).replace(/\/+$/, "");
  // A service may count each model apart.
  const apart = rate?.per === "model" ? [model ?? ""] : [];
  const id = hashValue([address, api_key_env ?? headers_env ?? "", ...apart]).slice(0, 32);
  const known = endpoints?.get(id);
  // One that was given up is asked again by who builds anew.
  if (known !== undefined && known.stop === undefined) return known;
  const ledger = cacheDir === undefined ? undefined : fileLedger(join(cacheDir, "day-budgets", `${id}.json`));
  const state = new EndpointState(clock, ledger);
  endpoints?.set(id, state);
  return state;
}

/** A fetch whose replies' rate-limit headers the pacer hears of. */
export function heardFetch(fetch: typeof globalThis.fetch, { pacer }: Patience): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    pacer?.heard(response.headers);
    return response;
  };
}
