import { BadArgument } from "../core/errors.ts";
import { requireCount, requireFraction } from "./argument.ts";
import { studentTQuantile } from "./student-t.ts";

export interface DetectableOptions {
  /** Standard deviation of the paired differences, > 0. */
  readonly standardDeviation: number;
  /** Number of pairs, >= 2. */
  readonly n: number;
  /** Two-sided significance level. Default .05. */
  readonly alpha?: number;
  /** Wanted probability of telling such a difference. Default .8. */
  readonly power?: number;
}

/**
 * The smallest true mean difference that a two-sided paired test of n pairs tells with the wanted power, in the unit of
 * the metric: (t(1 - alpha/2, n - 1) + t(power, n - 1)) × sd / √n.
 * Source: Bloom, Evaluation Review 19, 1995 ("minimum detectable effect").
 *
 * @throws BadArgument outside the stated domains
 * @example detectableDifference({ standardDeviation: 0.4, n: 100 }) // 0.113
 */
export function detectableDifference(options: DetectableOptions): number {
  const { standardDeviation, n, alpha = 0.05, power = 0.8 } = options;
  requireCount("n", n, 2);
  requireFraction("alpha", alpha);
  requireFraction("power", power);
  if (!(standardDeviation >= 0)) throw new BadArgument(`standardDeviation must be >= 0, got ${standardDeviation}`);
  return ((studentTQuantile(1 - alpha / 2, n - 1) + studentTQuantile(power, n - 1)) * standardDeviation) / Math.sqrt(n);
}
