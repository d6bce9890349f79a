import { BadArgument } from "../core/errors.ts";
import { requireFraction } from "./argument.ts";
import type { Interval } from "./interval.ts";
import { studentTQuantile } from "./student-t.ts";
import { standardError, toUnits, type Units } from "./units.ts";

/**
 * Student's interval of a mean: mean ± t(units - 1) × standard error. With clusters: the cluster-robust standard error
 * and G - 1 degrees of freedom.
 *
 * @param level in (0, 1)
 * @param clusters a number per value that names its cluster
 * @throws BadArgument with fewer than two values (or clusters)
 * @example tInterval([1, 2, 3, 4], 0.95) // { low: 0.4457, high: 4.5543 }
 */
export function tInterval(values: ArrayLike<number>, level: number, clusters?: ArrayLike<number>): Interval {
  return tIntervalOfUnits(toUnits(values, clusters), level);
}

export function tIntervalOfUnits(units: Units, level: number): Interval {
  requireFraction("level", level);
  if (units.count < 2) throw new BadArgument(`an interval needs at least two units, got ${units.count}`);
  const half = studentTQuantile((1 + level) / 2, units.count - 1) * standardError(units);
  return { low: units.mean - half, high: units.mean + half };
}
