import type { Clock } from "../../core/contracts.ts";
import { SystemFailure } from "../../core/errors.ts";
import { backoffMs, retry, retryAfterMs } from "../../lib/retry.ts";
import { withTimeout } from "./attempt.ts";
import { type EndpointFailure, endpointFailure, type NamedServer } from "./endpoint-failure.ts";

/** Longest wait that a server may ask for; beyond it the question fails instead, and the run goes on. */
export const LONGEST_RETRY_AFTER_MS = 300_000;

export interface Patience {
  readonly timeoutMs: number;
  readonly maxAttempts: number;
  readonly clock: Clock;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
}

/**
 * Puts one call to an endpoint: a time limit for each attempt, waits between them as the server asks with `Retry-After`, else
 * exponential back-off with jitter.
 * @param failureOf sorts the errors of an attempt; by default those of the openai client
 * @throws SystemFailure with an E_ENDPOINT_ code and the number of attempts
 * @throws the signal's reason when it is aborted
 */
export async function askEndpoint<T>(
  endpoint: NamedServer,
  patience: Patience,
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
  failureOf: (error: unknown, endpoint: NamedServer) => EndpointFailure | undefined = endpointFailure,
): Promise<T> {
  const { timeoutMs, maxAttempts, clock, sleep, random } = patience;
  let attempts = 0;
  const waitMs = (error: unknown, attempt: number): number | undefined => {
    const failure = failureOf(error, endpoint);
    if (!failure?.retryable) return undefined;
    const asked = retryAfterMs(failure.retryAfter, clock.now());
    if (asked !== undefined && asked > LONGEST_RETRY_AFTER_MS) return undefined;
    return Math.max(asked ?? 0, backoffMs(attempt, random()));
  };
  try {
    return await retry(
      (attempt) => {
        attempts = attempt;
        return withTimeout(timeoutMs, signal, call);
      },
      { maxAttempts, waitMs, sleep, signal },
    );
  } catch (error) {
    const failure = signal.aborted ? undefined : failureOf(error, endpoint);
    if (!failure) throw error;
    const { code, message, retryable } = failure;
    // The cause is left out: it holds the request, and with it the key.
    throw new SystemFailure(code, message, { retryable, attempts });
  }
}
