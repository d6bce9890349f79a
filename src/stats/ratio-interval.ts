import type { Interval } from "./interval.ts";
import { tInterval } from "./t-interval.ts";

/**
 * Interval of a ratio of two totals over the same questions, such as dollars per right answer.
 *
 * The linearised ratio estimator (Cochran, Sampling Techniques, 1977, §6.3): with R = Σx / Σy, the values (x − R y) / ȳ have
 * the mean 0, and their Student's t interval is that of R. It is laid on the logarithm, exp(ln R ± h / R), since a ratio of
 * positive totals is skewed to the right and never below 0. Simulated at level .95 it holds from about a dozen
 * questions with y > 0 on.
 * @param x numerators, 0 or more @param y denominators, 0 or more @param clusters a number per question
 * @returns undefined where there is none: fewer than two questions or clusters, nothing in a total, or no spread
 */
export function ratioInterval(
  x: Float64Array,
  y: Float64Array,
  level: number,
  clusters?: ArrayLike<number>,
): Interval | undefined {
  const [above, below] = [x, y].map((values) => values.reduce((sum, value) => sum + value, 0)) as [number, number];
  const units = clusters === undefined ? x.length : new Set(Array.from(clusters)).size;
  if (units < 2 || !(above > 0) || !(below > 0)) return undefined;
  const ratio = above / below;
  const mean = below / y.length;
  const { low, high } = tInterval(
    x.map((value, i) => (value - ratio * y[i]!) / mean),
    level,
    clusters,
  );
  const half = (high - low) / 2;
  if (!(half > 0)) return undefined;
  return { low: ratio * Math.exp(-half / ratio), high: ratio * Math.exp(half / ratio) };
}
