import { setMaxListeners } from "node:events";

/** Runs calls, at most so many at once; the rest wait in their order. */
export type Limiter = <T>(call: () => Promise<T>, signal: AbortSignal) => Promise<T>;

/** @param count >= 1 */
export function limiter(count: number): Limiter {
  let running = 0;
  const waiting = new Set<() => void>();
  const turn = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        waiting.delete(go);
        reject(signal.reason);
      };
      const go = (): void => {
        signal.removeEventListener("abort", stop);
        resolve();
      };
      waiting.add(go);
      signal.addEventListener("abort", stop, { once: true });
    });
  return async (call, signal) => {
    signal.throwIfAborted();
    // Hundreds of calls may wait on the one signal of a run; that is no leak.
    setMaxListeners(0, signal);
    // Whoever ends hands its place to the first that waits, so that nobody overtakes.
    if (running >= count) await turn(signal);
    else running += 1;
    try {
      return await call();
    } finally {
      const [next] = waiting;
      if (next) {
        waiting.delete(next);
        next();
      } else {
        running -= 1;
      }
    }
  };
}
