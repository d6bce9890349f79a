import { setMaxListeners } from "node:events";
import type { Clock } from "../../../core/contracts.ts";

/** Time that moves only when everything waits for it: hours of a schedule in milliseconds, the same each time. */
export interface HandClock extends Clock {
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Moves time from one due timer to the next until the work is done. */
  run<T>(work: Promise<T>): Promise<T>;
}

export function handClock(): HandClock {
  let now = 0;
  const timers: { at: number; go: () => void }[] = [];
  return {
    now: () => now,
    monotonic: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        setMaxListeners(0, signal);
        const stop = (): void => reject(signal.reason);
        signal.addEventListener("abort", stop, { once: true });
        const go = (): void => {
          signal.removeEventListener("abort", stop);
          resolve();
        };
        timers.push({ at: now + ms, go });
      }),
    async run(work) {
      let over = false;
      const end = (): void => {
        over = true;
      };
      work.then(end, end);
      for (;;) {
        // All that can go on without time passing does so first.
        await new Promise((resolve) => setImmediate(resolve));
        if (over) return work;
        timers.sort((a, b) => b.at - a.at);
        const next = timers.pop();
        if (next === undefined) continue;
        now = Math.max(now, next.at);
        next.go();
      }
    },
  };
}
