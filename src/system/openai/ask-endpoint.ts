import type { Answer, Clock } from "../../core/contracts.ts";
import { SystemFailure } from "../../core/errors.ts";
import { backoffMs, retry, retryAfterMs } from "../../lib/retry.ts";
import type { Hedging } from "../pace/hedging.ts";
import { type Ending, inWords, LONGEST_WAIT_MS, type Pacer, type Permit } from "../pace/pacer.ts";
import { AttemptTimeout, withTimeout } from "./attempt.ts";
import { type EndpointFailure, endpointFailure, type NamedServer } from "./endpoint-failure.ts";

export interface Patience {
  readonly timeoutMs: number;
  readonly maxAttempts: number;
  /** What all attempts at one answer may take together, waits for a turn left out. @default no limit */
  readonly questionTimeoutMs?: number;
  readonly clock: Clock;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
  /** Lets each attempt go when its turn comes. @default at once */
  readonly pacer?: Pacer;
  /** Sends slow requests twice. @default none */
  readonly hedging?: Hedging;
}

/** What one request is told. */
export interface Sent {
  /** On the monotonic clock: of two requests for one answer, when the first was sent. Latency counts from here. */
  readonly startedAt: number;
  /** To be called at the first byte of the answer; its end counts as that where nobody calls. */
  begun(): void;
}

export interface CallOptions<T> {
  /** Sorts the errors of an attempt. @default those of the openai client */
  readonly failureOf?: (error: unknown, endpoint: NamedServer) => EndpointFailure | undefined;
  /** Tokens the call will take, prompt and answer together, as well as can be told before. */
  readonly tokens?: number;
  /** Tokens it took; undefined where the server does not say. */
  readonly tokensOf?: (value: T) => number | undefined;
  /** What becomes of a value for which two requests were sent. */
  readonly sentTwice?: (value: T) => T;
}

/**
 * Puts one call to an endpoint: a time limit for each attempt, waits between them as the server asks with `Retry-After`, else
 * exponential back-off with jitter.
 * @throws SystemFailure with an E_ENDPOINT_ code and the number of attempts
 * @throws UnavailableError when the patience's pacer finds the server down, or out of budget for long
 * @throws the signal's reason when it is aborted
 */
export async function askEndpoint<T>(
  endpoint: NamedServer,
  patience: Patience,
  signal: AbortSignal,
  call: (signal: AbortSignal, sent: Sent) => Promise<T>,
  options: CallOptions<T> = {},
): Promise<T> {
  const { failureOf = endpointFailure, tokens = 0, tokensOf, sentTwice = (value: T) => value } = options;
  const {
    timeoutMs,
    maxAttempts,
    questionTimeoutMs = Number.POSITIVE_INFINITY,
    clock,
    sleep,
    random,
    pacer,
    hedging,
  } = patience;
  const question = {};
  let attempts = 0;
  let secondSends = 0;
  let unreached = 0;
  let spentMs = 0;
  const send = async (permit: Permit | undefined, own: AbortSignal, ms: number, sent: Sent): Promise<T> => {
    try {
      const value = await withTimeout(ms, own, (attempt) => call(attempt, sent));
      permit?.end({ kind: "answered", tokens: tokensOf?.(value) });
      return value;
    } catch (error) {
      permit?.end(own.aborted ? { kind: "cut-off" } : endingOf(error, failureOf(error, endpoint), clock.now()));
      throw pacer?.ended ?? error;
    }
  };
  const once = async (): Promise<T> => {
    const permit = await pacer?.admit(question, tokens, signal);
    attempts += 1;
    const startedAt = clock.monotonic();
    const spent = (): number => clock.monotonic() - startedAt;
    const ms = Math.min(timeoutMs, questionTimeoutMs - spentMs);
    const first = (own: AbortSignal, begun: () => void) => send(permit, own, ms, { startedAt, begun });
    const second = () => {
      const room = pacer?.admitNow(question, tokens);
      if (room === undefined) return undefined;
      secondSends += 1;
      return (own: AbortSignal) => send(room, own, ms - spent(), { startedAt, begun: () => undefined });
    };
    try {
      if (hedging === undefined) return await first(signal, () => undefined);
      const { value, twice } = await hedging.send({ first, second, signal, clock, sleep });
      return twice ? sentTwice(value) : value;
    } finally {
      spentMs += spent();
    }
  };
  const waitMs = (error: unknown): number | undefined => {
    const failure = failureOf(error, endpoint);
    if (!failure?.retryable) return undefined;
    // A connection that never came about is no attempt at an answer: whether the server is down is for the pacer to say.
    if (pacer !== undefined && failure.unreached) unreached += 1;
    if (attempts - unreached >= maxAttempts) return undefined;
    const asked = retryAfterMs(failure.retryAfter, clock.now());
    if (asked !== undefined && asked > LONGEST_WAIT_MS) return undefined;
    const wait = Math.max(asked ?? 0, backoffMs(attempts, random()));
    spentMs += wait;
    return spentMs < questionTimeoutMs ? wait : undefined;
  };
  try {
    const most = pacer === undefined ? maxAttempts : 2 * maxAttempts + MOST_UNREACHED;
    return await retry(once, { maxAttempts: most, waitMs, sleep, signal });
  } catch (error) {
    const failure = signal.aborted ? undefined : failureOf(error, endpoint);
    if (!failure) throw error;
    const { code, message, retryable } = failure;
    // The cause is left out: it holds the request, and with it the key.
    throw new SystemFailure(code, message + asksToWait(failure, clock.now()), {
      retryable,
      attempts: attempts + secondSends,
    });
  }
}

/** Connections that do not come about while others do. */
const MOST_UNREACHED = 6;

/** What an attempt's failure tells of the server. */
function endingOf(error: unknown, failure: EndpointFailure | undefined, now: number): Ending {
  if (failure === undefined) return { kind: "cut-off" };
  const limited = failure.code === "E_ENDPOINT_RATE_LIMIT";
  return {
    kind: "failed",
    overloaded: limited || failure.status === 503 || error instanceof AttemptTimeout,
    alive: limited || !failure.retryable,
    unreached: failure.unreached === true,
    retryAfterMs: failure.retryable ? retryAfterMs(failure.retryAfter, now) : undefined,
    message: failure.message,
  };
}

function asksToWait({ retryable, retryAfter }: EndpointFailure, now: number): string {
  const ms = retryable ? (retryAfterMs(retryAfter, now) ?? 0) : 0;
  return ms > LONGEST_WAIT_MS ? `; it asks to wait ${inWords(ms)}` : "";
}

/** An answer for which two requests were sent says so. */
export function sentTwice(answer: Answer): Answer {
  return { ...answer, hedged: true };
}

/** What an answer used of a budget of tokens. @returns undefined where the server does not count */
export function tokensOf({ usage }: Pick<Answer, "usage">): number | undefined {
  return usage && usage.promptTokens + usage.completionTokens;
}
