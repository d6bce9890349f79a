import type { Clock } from "../../core/contracts.ts";

/** A clock that only waits move on, so that a minute passes in no time. @param from milliseconds that it begins with */
export function simulatedTime(from = 0): { readonly clock: Clock; readonly sleep: (ms: number) => Promise<void> } {
  let ms = from;
  const now = (): number => ms;
  return {
    clock: { now, monotonic: now },
    sleep: async (wait) => {
      ms += wait;
    },
  };
}
