import { BadArgument } from "../core/errors.ts";
import { requireFraction } from "./argument.ts";
import type { Interval } from "./interval.ts";
import { normalCdf, normalQuantile } from "./normal.ts";
import { quantileSorted } from "./quantile.ts";
import { sum } from "./sum.ts";

/**
 * Percentile bootstrap interval: the (1 - level) / 2 and (1 + level) / 2 quantiles (type 7) of the resampled means.
 * Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, §13.
 *
 * @param resampled at least one value, in any order @param level in (0, 1)
 * @throws BadArgument outside that domain
 */
export function percentileInterval(resampled: ArrayLike<number>, level: number): Interval {
  requireFraction("level", level);
  const sorted = Float64Array.from(resampled).sort();
  return { low: quantileSorted(sorted, (1 - level) / 2), high: quantileSorted(sorted, (1 + level) / 2) };
}

export interface BcaInput {
  /** The statistic on the sample itself. */
  readonly estimate: number;
  /** The statistic on each resample, at least one, in any order. */
  readonly resampled: ArrayLike<number>;
  /** From `acceleration`. */
  readonly acceleration: number;
  /** In (0, 1). */
  readonly level: number;
}

/**
 * Bias-corrected and accelerated bootstrap interval: the percentile interval at levels that are moved for the median
 * bias of the resamples and for the skewness of the statistic. Resamples equal to the estimate count half, as in scipy.
 * Source: Efron, JASA 82, 1987; Efron and Tibshirani 1993, equations 14.9 to 14.15.
 *
 * @throws BadArgument when there is no resample or the level is outside (0, 1)
 */
export function bcaInterval({ estimate, resampled, acceleration: a, level }: BcaInput): Interval {
  requireFraction("level", level);
  if (resampled.length === 0) throw new BadArgument("an interval needs at least one resample");
  const sorted = Float64Array.from(resampled).sort();
  // When every resample lies on one side, half a resample keeps the bias finite.
  const below = Math.min(Math.max(countBelow(sorted, estimate), 0.5), sorted.length - 0.5);
  const bias = normalQuantile(below / sorted.length);
  const moved = (p: number) => {
    const z = bias + normalQuantile(p);
    const stretch = 1 - a * z;
    // Beyond the pole the formula has no meaning; the end of the resamples is the limit before it.
    return stretch > 0 ? normalCdf(bias + z / stretch) : z > 0 ? 1 : 0;
  };
  return { low: quantileSorted(sorted, moved((1 - level) / 2)), high: quantileSorted(sorted, moved((1 + level) / 2)) };
}

/** How many lie below, those equal up to rounding counted half: the order of additions must not decide. */
function countBelow(values: Float64Array, estimate: number): number {
  const slack = 1e-12 * Math.abs(estimate);
  let count = 0;
  for (const x of values) count += x < estimate - slack ? 1 : x <= estimate + slack ? 0.5 : 0;
  return count;
}

/**
 * Acceleration of a mean, Σ u³ ÷ 6 (Σ u²)^1.5 over the deviations u of its units: what the jackknife gives for a mean
 * of single values, and the infinitesimal jackknife for a ratio over clusters. Source: Efron and Tibshirani 1993,
 * 14.15, 22.36.
 *
 * @param deviations not all 0
 * @returns in [-1/6, 1/6]
 */
export function acceleration(deviations: Float64Array): number {
  const squares = sum(deviations.map((x) => x * x));
  return sum(deviations.map((x) => x ** 3)) / (6 * squares ** 1.5);
}
