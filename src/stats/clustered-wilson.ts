import { BadArgument } from "../core/errors.ts";
import { requireFraction } from "./argument.ts";
import type { Interval } from "./interval.ts";
import { studentTQuantile } from "./student-t.ts";
import { standardError, toUnits, type Units } from "./units.ts";
import { scoreInterval } from "./wilson.ts";

/**
 * Wilson's interval of a proportion whose samples come in clusters: n is divided by the design effect (the
 * cluster-robust variance over the variance of independent samples, taken as at least 1), and t with G - 1 degrees of
 * freedom replaces the normal quantile. At the floor and the ceiling no design effect can be seen, and the worst is
 * assumed: that all samples of a cluster agree. Never of zero width.
 * Source: Korn and Graubard, Survey Methodology 24, 1998, with Wilson's interval in place of Clopper and Pearson's.
 *
 * @param values each 0 or 1 @param clusters a number per value that names its cluster
 * @throws BadArgument with fewer than two clusters
 */
export function clusteredWilson(values: ArrayLike<number>, clusters: ArrayLike<number>, level: number): Interval {
  return clusteredWilsonOfUnits(toUnits(values, clusters), level);
}

export function clusteredWilsonOfUnits(units: Units, level: number): Interval {
  requireFraction("level", level);
  const { mean: p, count } = units;
  if (count < 2) throw new BadArgument(`a clustered interval needs at least two clusters, got ${count}`);
  return scoreInterval(p, effectiveCount(units), studentTQuantile((1 + level) / 2, count - 1));
}

/** The number of independent samples that clustered values of 0 and 1 are worth: n over the design effect. @param units at least two */
export function effectiveCount(units: Units): number {
  const { n, mean: p } = units;
  const independent = (p * (1 - p)) / (n - 1);
  if (independent === 0) return effectiveCountAtWorst(units);
  return n / Math.max(1, standardError(units) ** 2 / independent);
}

/**
 * The number of independent samples that clusters are worth when all samples of a cluster agree: n² ÷ Σ size², which is
 * the number of clusters when they are of one size. Source: Kish, Survey Sampling, 1965.
 */
export function effectiveCountAtWorst({ n, sizes }: Units): number {
  return sizes === undefined ? n : (n * n) / sizes.reduce((total, size) => total + size * size, 0);
}
