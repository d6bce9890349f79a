import { BadArgument } from "../core/errors.ts";
import type { Interval } from "./interval.ts";

/** What an interval of a difference allows to say. */
export type VerdictWord = "better" | "worse" | "equivalent" | "cannot tell";

export interface VerdictOptions {
  /** The smallest difference that matters, >= 0, in the unit of the metric. */
  readonly minEffect: number;
  /** Which direction of the metric is good. */
  readonly better: "higher" | "lower";
}

/**
 * The word for a difference (candidate - baseline), read from its interval alone, never from its point value:
 * - `better`, `worse`: the whole interval lies beyond the minimum effect, on the good or the bad side;
 * - `equivalent`: the whole interval lies strictly within the minimum effect of 0;
 * - `cannot tell`: it reaches across one of these limits.
 * With a minimum effect of 0, `better` and `worse` mean that the interval excludes 0, and nothing is equivalent.
 * Source: the decision rule of a region of practical equivalence (Schuirmann 1987; Kruschke 2018).
 *
 * @throws BadArgument when the interval is upside down or not a number, or the minimum effect is negative
 * @example betterOrWorse({ low: 0.02, high: 0.06 }, { minEffect: 0.01, better: "higher" }) // "better"
 */
export function betterOrWorse(interval: Interval, options: VerdictOptions): VerdictWord {
  const { low, high } = gain(interval, options);
  const { minEffect } = options;
  if (low > minEffect) return "better";
  if (high < -minEffect) return "worse";
  if (low > -minEffect && high < minEffect) return "equivalent";
  return "cannot tell";
}

/**
 * Whether the interval rules out a loss of the minimum effect or more (non-inferiority): what a gate asks, which need
 * not know whether the candidate is better. True for every `better` and `equivalent`, false for every `worse`.
 *
 * @throws BadArgument as `betterOrWorse`
 * @example noWorse({ low: -0.005, high: 0.06 }, { minEffect: 0.01, better: "higher" }) // true
 */
export function noWorse(interval: Interval, options: VerdictOptions): boolean {
  return gain(interval, options).low > -options.minEffect;
}

/** The interval with gains counted upwards. */
function gain({ low, high }: Interval, { minEffect, better }: VerdictOptions): Interval {
  if (!(low <= high)) throw new BadArgument(`an interval needs low <= high, got [${low}, ${high}]`);
  if (!(minEffect >= 0)) throw new BadArgument(`minEffect must be at least 0, got ${minEffect}`);
  return better === "higher" ? { low, high } : { low: -high, high: -low };
}
