import { setMaxListeners } from "node:events";

/** An attempt took longer than it may. */
export class AttemptTimeout extends Error {
  override readonly name = "AttemptTimeout";
}

/**
 * Runs one attempt under a time limit that covers all of it, a streamed body included.
 * @param signal of the caller: its abort ends the attempt and its reason is thrown
 * @throws AttemptTimeout when the time is up
 */
export async function withTimeout<T>(
  ms: number,
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  // Hundreds of attempts may wait on the one signal of a run; that is no leak.
  setMaxListeners(0, signal);
  const attempt = new AbortController();
  const stop = (): void => attempt.abort(signal.reason);
  const timer = setTimeout(() => attempt.abort(new AttemptTimeout(`no whole reply within ${ms / 1000} s`)), ms);
  signal.addEventListener("abort", stop, { once: true });
  try {
    const result = await call(attempt.signal);
    // A client may end quietly when it is aborted; what it then returns is a part.
    attempt.signal.throwIfAborted();
    return result;
  } catch (error) {
    attempt.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}
