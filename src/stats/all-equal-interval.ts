import { effectiveCountAtWorst } from "./clustered-wilson.ts";
import type { Interval } from "./interval.ts";
import { normalQuantile } from "./normal.ts";
import { studentTQuantile } from "./student-t.ts";
import { toUnits, type Units } from "./units.ts";
import { scoreInterval } from "./wilson.ts";

/**
 * Interval of a mean when all values (or the means of all clusters) are equal. They show no spread, but n equal values
 * bound the share of the population that differs: at most Wilson's upper end for 0 of n. That share could lie at either
 * end of the range, so the mean lies in [c - share × (c - low), c + share × (high - c)]. At the floor or ceiling of [0,
 * 1] this is Wilson's interval.
 *
 * @returns undefined when an end of the range is infinite: then nothing bounds the mean
 */
export function allEqualInterval(
  values: ArrayLike<number>,
  level: number,
  range: readonly [low: number, high: number],
  clusters?: ArrayLike<number>,
): Interval | undefined {
  return allEqualIntervalOfUnits(toUnits(values, clusters), level, range);
}

export function allEqualIntervalOfUnits(
  units: Units,
  level: number,
  range: readonly [low: number, high: number],
): Interval | undefined {
  const [low, high] = range;
  if (!Number.isFinite(low) || !Number.isFinite(high)) return undefined;
  const p = (1 + level) / 2;
  const critical = units.sizes === undefined ? normalQuantile(p) : studentTQuantile(p, units.count - 1);
  const share = scoreInterval(0, effectiveCountAtWorst(units), critical).high;
  return { low: units.mean - share * (units.mean - low), high: units.mean + share * (high - units.mean) };
}
