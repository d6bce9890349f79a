import type { Rng } from "../../core/rng.ts";
import type { Arrivals } from "../../runlog/load-record.ts";

/**
 * When requests are due, ascending, in milliseconds from the start. They do not depend on replies (an open loop): whoever waits
 * for an answer before the next question would spare a slow server.
 *
 * `poisson`: gaps are exponential with mean 1 / rate, so that requests come independently of each other, as those of many people
 * do. `constant`: one every 1 / rate, the first after half of that.
 *
 * @param rate requests per second, > 0 @param untilMs all are before
 */
export function arrivalTimes(kind: Arrivals, rate: number, untilMs: number, rng: Rng): number[] {
  const gap = 1000 / rate;
  const times: number[] = [];
  // 1 - u lies in (0, 1]: its logarithm is finite.
  const next = kind === "poisson" ? () => -Math.log(1 - rng.float()) * gap : () => gap;
  for (let at = kind === "poisson" ? next() : gap / 2; at < untilMs; at += next()) times.push(at);
  return times;
}
