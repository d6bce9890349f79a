export interface RetryOptions {
  /** Attempts in all, the first included, >= 1. */
  readonly maxAttempts: number;
  /** How long to wait before the next attempt, in milliseconds; undefined when asking again cannot help. */
  readonly waitMs: (error: unknown, attempt: number) => number | undefined;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Calls until a call succeeds, cannot help any more, or the attempts are used up; then the last error is thrown.
 * @param call gets the 1-based number of the attempt
 * @throws the signal's reason as soon as it is aborted
 */
export async function retry<T>(call: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { maxAttempts, waitMs, sleep, signal } = options;
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      return await call(attempt);
    } catch (error) {
      signal.throwIfAborted();
      const wait = attempt < maxAttempts ? waitMs(error, attempt) : undefined;
      if (wait === undefined) throw error;
      await sleep(wait, signal);
    }
  }
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/**
 * Exponential back-off with jitter: half of 0.5 s, 1 s, 2 s … 30 s is certain, the other half random, so that many clients
 * which failed together do not come back together.
 * @param attempt the attempt that failed, 1-based
 * @param random uniform in [0, 1)
 */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
  return full / 2 + (full / 2) * random;
}

/**
 * Reads an HTTP `Retry-After` header: seconds, or a date.
 * @param now milliseconds since the epoch
 * @returns milliseconds to wait, 0 for a date in the past; undefined when the header is absent or means nothing
 */
export function retryAfterMs(header: string | null | undefined, now: number): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Waits on a timer. @throws the signal's reason when it is aborted meanwhile */
export function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}
