import { BadArgument } from "../core/errors.ts";
import { requireFraction } from "./argument.ts";
import type { Interval } from "./interval.ts";
import { normalQuantile } from "./normal.ts";

/**
 * Wilson's score interval of a proportion, without continuity correction. Never of zero width: 0 of 10 gives [0, .278].
 * Source: Wilson, JASA 22, 1927; recommended by Brown, Cai and DasGupta, Statistical Science 16, 2001.
 *
 * @param successes in [0, n] @param n > 0, queries @param level in (0, 1)
 * @returns within [0, 1]
 * @throws BadArgument outside that domain
 * @example wilson(0, 10, 0.95) // { low: 0, high: 0.2775 }
 */
export function wilson(successes: number, n: number, level: number): Interval {
  requireFraction("level", level);
  if (!(n > 0 && successes >= 0 && successes <= n)) {
    throw new BadArgument(`a proportion needs 0 <= successes <= n and n > 0, got ${successes} of ${n}`);
  }
  return scoreInterval(successes / n, n, normalQuantile((1 + level) / 2));
}

/**
 * The score interval for an observed proportion `p` of `n` effective samples (not necessarily whole) and a critical
 * value: all proportions whose distance from `p` is at most `critical` of their own standard errors.
 */
export function scoreInterval(p: number, n: number, critical: number): Interval {
  const square = critical * critical;
  const centre = (n * p + square / 2) / (n + square);
  const half = (critical / (n + square)) * Math.sqrt(n * p * (1 - p) + square / 4);
  // At the floor and the ceiling the end is known exactly; rounding must not push it off.
  return { low: p === 0 ? 0 : Math.max(0, centre - half), high: p === 1 ? 1 : Math.min(1, centre + half) };
}
