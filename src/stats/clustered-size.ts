import { BadArgument } from "../core/errors.ts";
import { requireFraction } from "./argument.ts";
import { effectiveCount } from "./clustered-wilson.ts";
import { normalQuantile } from "./normal.ts";
import { studentTQuantile } from "./student-t.ts";
import { toUnits } from "./units.ts";

/**
 * How many independent values clustered ones are worth, for an interval of their mean: n over the design effect of Wilson's clustered
 * interval, and over (t / z)² for the G - 1 degrees of freedom that the effect is known with. With the indicators of "not above
 * the p-th quantile" it makes the interval of a quantile a clustered one: Woodruff, JASA 47, 1952; Korn and Graubard, Survey
 * Methodology 24, 1998. Simulated at .95 on log-normal times of 40 to 300 questions asked 3 to 10 times, such an interval of p50
 * and p95 holds in .95 to .99, whatever the likeness within a question; one that takes the calls for independent in .47 to .97.
 *
 * Clusters of one value each are worth n: there is nothing to allow for. One cluster is worth 1.
 *
 * @param values each 0 or 1, at least one @param clusters a number per value that names its cluster @param level in (0, 1)
 * @returns in [1, n]
 * @throws BadArgument outside that domain
 * @example clusteredSize([1, 1, 0, 0, 1, 1, 0, 0], [1, 1, 2, 2, 3, 3, 4, 4], 0.95) // 1.3: of four pairs alike, known with 3 degrees
 */
export function clusteredSize(values: ArrayLike<number>, clusters: ArrayLike<number>, level: number): number {
  requireFraction("level", level);
  if (values.length === 0) throw new BadArgument("a sample needs at least one value");
  const units = toUnits(values, clusters);
  const { n, count } = units;
  if (count === n) return n;
  if (count === 1) return 1;
  const at = (1 + level) / 2;
  const wider = studentTQuantile(at, count - 1) / normalQuantile(at);
  return Math.max(1, effectiveCount(units) / wider ** 2);
}
