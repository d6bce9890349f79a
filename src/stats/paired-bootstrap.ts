import type { Rng } from "../core/rng.ts";
import { requireCount, requireFraction } from "./argument.ts";
import { percentileInterval } from "./bootstrap-interval.ts";
import type { Interval } from "./interval.ts";
import { resampledMeansOfUnits } from "./resampled-means.ts";
import { toUnits } from "./units.ts";

export interface PairedBootstrapOptions {
  /** In (0, 1). Default .95. */
  readonly level?: number;
  /** >= 99. Default 9999. */
  readonly resamples?: number;
  readonly rng: Rng;
  /** A number per difference that names its cluster; then whole clusters are drawn. */
  readonly clusters?: ArrayLike<number>;
}

/**
 * Percentile bootstrap interval of the mean difference: queries (or clusters) are drawn with replacement, both systems'
 * scores together.
 *
 * @param differences finite, one per query
 * @throws BadArgument when a difference is not finite, an option is outside its domain, or there are fewer than two
 * queries (or clusters)
 */
export function pairedBootstrap(
  differences: ArrayLike<number>,
  options: PairedBootstrapOptions,
): Interval & { seed: string } {
  const { level = 0.95, resamples = 9999, rng, clusters } = options;
  requireFraction("level", level);
  requireCount("resamples", resamples, 99);
  const units = toUnits(differences, clusters);
  requireCount("queries or clusters", units.count, 2);
  const resampled = resampledMeansOfUnits(units, resamples, rng);
  return { ...percentileInterval(resampled, level), seed: rng.seed };
}
