import { BadArgument } from "../core/errors.ts";
import type { Estimate } from "../core/estimate.ts";
import type { Rng } from "../core/rng.ts";
import { allEqualInterval } from "./all-equal-interval.ts";
import { requireCount, requireFraction } from "./argument.ts";
import { acceleration, bcaInterval, percentileInterval } from "./bootstrap-interval.ts";
import { clusteredWilsonOfUnits } from "./clustered-wilson.ts";
import type { Interval } from "./interval.ts";
import { resampledMeansOfUnits } from "./resampled-means.ts";
import { tIntervalOfUnits } from "./t-interval.ts";
import { standardError, toUnits, type Units } from "./units.ts";
import { wilson } from "./wilson.ts";

/** The values of one metric on one set of queries, with what is missing from them. */
export interface Sample {
  /** Scored values, floors of failed queries included. */
  readonly values: ArrayLike<number>;
  /** How many of the values are floors because the system failed. */
  readonly failed: number;
  /** How many more queries the metric applies to but has no value for. */
  readonly unscored: number;
  /** A whole number per value that names its cluster (the document its question comes from). */
  readonly clusters?: ArrayLike<number>;
}

export type IntervalMethod = "auto" | "t" | "bootstrap-percentile" | "bootstrap-bca" | "wilson";

export interface MeanOptions {
  /** Confidence level in (0, 1). Default .95. */
  readonly level?: number;
  /** Default `auto`. */
  readonly method?: IntervalMethod;
  /** Whether every value is 0 or 1 by definition. Default false. */
  readonly proportion?: boolean;
  /** Lowest and highest value the metric can take; the interval stays within. Default: [0, 1] for proportions, else none. */
  readonly range?: readonly [low: number, high: number];
  /** Bootstrap resamples, >= 99. Default 9999. */
  readonly resamples?: number;
  /** Draws the resamples; only the bootstrap methods use it. */
  readonly rng: Rng;
}

/**
 * Mean of a sample with its confidence interval.
 *
 * `auto` takes Wilson for proportions and Student's t for other metrics; with clusters, Wilson on the effective number of
 * samples and t with the cluster-robust standard error. The resulting `method` names what was done: `wilson`, `t`,
 * `bootstrap-percentile`, `bootstrap-bca`, each with `-clustered` after it where clusters were given, or `all-equal`.
 *
 * Not estimable: fewer than two values; fewer than two clusters; values that are all equal and no finite range to bound
 * what else they might have been (with one: `allEqualInterval`). An interval never has zero width.
 *
 * @throws BadArgument when an option is outside its domain, a value is not finite, outside the range, or neither 0 nor 1
 * in a proportion, or Wilson is asked for something that is no proportion
 * @example estimateMean({ values: [1, 0, 1, 1], failed: 0, unscored: 0 }, { proportion: true, rng: seeded("0") })
 */
export function estimateMean(sample: Sample, options: MeanOptions): Estimate {
  const { level = 0.95, method = "auto", proportion = false, resamples = 9999, rng } = options;
  const range = options.range ?? (proportion ? ([0, 1] as const) : undefined);
  requireFraction("level", level);
  requireCount("resamples", resamples, 99);
  if (method === "wilson" && !proportion) throw new BadArgument("the Wilson interval is for proportions only");
  const units = toUnits(sample.values, sample.clusters);
  requireWithin(sample.values, range, proportion);
  const counts = { n: units.n, unscored: sample.unscored, failed: sample.failed };
  const notEstimable = (reason: string): Estimate => ({ state: "not-estimable", reason, ...counts });
  if (units.n < 2) return notEstimable(units.n === 0 ? "no scored sample" : "a single sample shows no spread");
  if (units.count < 2) return notEstimable("all samples share one cluster");

  const estimated = (name: string, { low, high }: Interval): Estimate => ({
    state: "estimated",
    mean: units.mean,
    low: range === undefined ? low : Math.max(range[0], low),
    high: range === undefined ? high : Math.min(range[1], high),
    level,
    method: name,
    ...counts,
  });
  const suffix = units.sizes === undefined ? "" : "-clustered";
  const chosen = method === "auto" ? (proportion ? "wilson" : "t") : method;
  if (chosen === "wilson") {
    const interval =
      units.sizes === undefined ? wilson(units.mean * units.n, units.n, level) : clusteredWilsonOfUnits(units, level);
    return estimated(`wilson${suffix}`, interval);
  }
  if (withoutSpread(units)) {
    const interval = range && allEqualInterval(units, level, range);
    return interval === undefined
      ? notEstimable("all samples are equal: they carry no information about spread")
      : estimated(`all-equal${suffix}`, interval);
  }
  if (chosen === "t") return estimated(`t${suffix}`, tIntervalOfUnits(units, level));
  const resampled = resampledMeansOfUnits(units, resamples, rng);
  const interval =
    chosen === "bootstrap-percentile"
      ? percentileInterval(resampled, level)
      : bcaInterval({ estimate: units.mean, resampled, acceleration: acceleration(units.deviations), level });
  return estimated(`${chosen}${suffix}`, interval);
}

/** All values equal, or clusters that all have the same mean: the standard error is 0 up to rounding. */
function withoutSpread(units: Units): boolean {
  return units.constant || standardError(units) <= 1e-12 * Math.abs(units.mean);
}

function requireWithin(
  values: ArrayLike<number>,
  range: readonly [number, number] | undefined,
  proportion: boolean,
): void {
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    if (proportion && x !== 0 && x !== 1) throw new BadArgument(`a proportion needs values 0 and 1, got ${x}`);
    if (range !== undefined && !(x >= range[0] && x <= range[1])) {
      throw new BadArgument(`values[${i}] = ${x} lies outside the range [${range[0]}, ${range[1]}]`);
    }
  }
}
