import type { Clock } from "../core/contracts.ts";
import { SystemFailure } from "../core/errors.ts";

/** The wait before the second attempt, in milliseconds; it doubles with each further one. */
const FIRST_WAIT_MS = 500;

export type Asked<T> =
  /** `ms` is the time of the attempt that succeeded alone. */
  | { readonly ok: true; readonly value: T; readonly ms: number }
  | {
      readonly ok: false;
      readonly code: string;
      readonly message: string;
      readonly attempts: number;
      /** Whether it may be the system's fault and not the question's. */
      readonly passing: boolean;
    };

export interface AskOptions {
  /** How often to ask at most. */
  readonly attempts: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Called before each further attempt. */
  onRetry?(): void;
}

/**
 * Asks a system, again after a failure that may pass. A system that already asked more than once by itself is believed.
 * @throws whatever is not a SystemFailure, and the signal's reason once it is aborted
 */
export async function ask<T>(call: () => Promise<T>, options: AskOptions): Promise<Asked<T>> {
  const { clock, signal } = options;
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    const start = clock.monotonic();
    try {
      const value = await call();
      return { ok: true, value, ms: Math.max(0, clock.monotonic() - start) };
    } catch (error) {
      // A call that was cut off did not fail.
      signal.throwIfAborted();
      if (!(error instanceof SystemFailure)) throw error;
      const { code, message } = error;
      const attempts = attempt - 1 + error.attempts;
      if (!error.retryable || attempt >= options.attempts || error.attempts > 1) {
        return { ok: false, code, message, attempts, passing: error.retryable };
      }
      options.onRetry?.();
      await options.sleep(FIRST_WAIT_MS * 2 ** (attempt - 1), signal);
    }
  }
}
