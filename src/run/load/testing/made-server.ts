import type { Generator } from "../../../core/contracts.ts";
import { SystemFailure } from "../../../core/errors.ts";
import type { HandClock } from "./hand-clock.ts";

export interface MadeServer {
  /** Milliseconds that one answer takes while nobody else is served. */
  readonly serviceMs: number;
  /** Serves one request after the other, in their order; else each at once. */
  readonly serial?: boolean;
  /** Between these two moments nothing is worked on; what is then under way takes as much longer. */
  readonly stall?: readonly [from: number, to: number];
  /** Every so many requests one fails, after its service. */
  readonly failEach?: number;
  /** Tokens of an answer, streamed evenly over its service; none where it comes whole. */
  readonly tokens?: number;
}

/** A server in virtual time, whose latencies follow from its description alone. */
export function madeServer(clock: HandClock, { serviceMs, serial, stall, failEach, tokens }: MadeServer): Generator {
  let free = 0;
  let asked = 0;
  const endOf = (start: number): number => {
    const [from, to] = stall ?? [Number.POSITIVE_INFINITY, 0];
    const begun = start >= from && start < to ? to : start;
    const end = begun + serviceMs;
    return begun < from && end > from ? end + (to - from) : end;
  };
  return {
    async answer({ onToken }, signal) {
      asked += 1;
      const fails = failEach !== undefined && asked % failEach === 0;
      const start = serial ? Math.max(free, clock.monotonic()) : clock.monotonic();
      const end = endOf(start);
      free = Math.max(free, end);
      for (let n = tokens ?? 0; n > 0; n -= 1) {
        await clock.sleep(end - ((n - 1) * serviceMs) / tokens! - clock.monotonic(), signal);
        onToken?.();
      }
      if (tokens === undefined) await clock.sleep(end - clock.monotonic(), signal);
      if (fails) throw new SystemFailure("E_ENDPOINT_STATUS", "500", { retryable: true });
      const usage = tokens === undefined ? {} : { usage: { promptTokens: 7, completionTokens: tokens } };
      return { text: "a", finish: "stop", ...usage, timing: { ms: end - start, source: "measured" } };
    },
  };
}
