import { BadArgument } from "../core/errors.ts";
import { requireCount, requireFraction } from "./argument.ts";
import { incompleteBeta } from "./incomplete-beta.ts";

/** The order statistics between which a quantile lies, by their 1-based ranks; undefined where the sample is too small. */
export interface QuantileRanks {
  readonly low: number | undefined;
  readonly high: number | undefined;
}

/**
 * Distribution-free interval of a quantile: the ranks l and u of a sorted sample such that the quantile lies between the
 * l-th and the u-th value with at least the level's probability, whatever the distribution. The number of values below
 * the quantile is Bin(n, p), so that l is the highest rank with P(Bin < l) ≤ (1 - level) / 2, u the lowest with
 * P(Bin ≥ u) ≤ (1 - level) / 2. In a small sample one end does not exist: not even the largest of 100 values is above the
 * 99th percentile with .975 (for that 368 are needed), and no bound is better than a wrong one.
 * Source: Conover, Practical Nonparametric Statistics, 3rd edition, 1999, §3.2.
 *
 * @param n values, 1 or more @param p in (0, 1) @param level in (0, 1)
 * @throws BadArgument outside that domain
 * @example quantileRanks(100, 0.5, 0.95) // { low: 40, high: 61 }
 */
export function quantileRanks(n: number, p: number, level: number): QuantileRanks {
  requireCount("n", n, 1);
  requireFraction("p", p);
  requireFraction("level", level);
  const tail = (1 - level) / 2;
  // Rounding must not turn a probability that equals the tail into one above it.
  const slack = tail * 1e-12;
  // P(Bin ≥ k) for 1 ≤ k ≤ n.
  const atLeast = (k: number): number => incompleteBeta(p, k, n - k + 1);
  const low = lastTrue(n, (l) => 1 - atLeast(l) <= tail + slack);
  const high = n + 1 - lastTrue(n, (fromTop) => atLeast(n + 1 - fromTop) <= tail + slack);
  return { low: low === 0 ? undefined : low, high: high === n + 1 ? undefined : high };
}

/**
 * The ends of the interval as values.
 * @param sorted ascending, at least one value
 * @param worth how many independent values the sample is worth, from 1 to its size: see `effectiveSize`. The ranks are those of
 *   a sample of that size, stretched over this one and moved outward to whole numbers
 */
export function quantileInterval(
  sorted: ArrayLike<number>,
  p: number,
  level: number,
  worth: number = sorted.length,
): { readonly low: number | undefined; readonly high: number | undefined } {
  const n = sorted.length;
  if (n === 0) throw new BadArgument("a quantile needs at least one value");
  if (!(worth >= 1 && worth <= n)) throw new BadArgument(`${n} values are worth 1 to ${n}, got ${worth}`);
  const size = Math.floor(worth);
  const { low, high } = quantileRanks(size, p, level);
  return {
    low: low === undefined ? undefined : sorted[Math.floor(((low - 1) * n) / size)],
    high: high === undefined ? undefined : sorted[n - 1 - Math.floor(((size - high) * n) / size)],
  };
}

/** The last of 1 … n for which a predicate holds that is true up to some point and false beyond; 0 where it never is. */
function lastTrue(n: number, holds: (k: number) => boolean): number {
  let known = 0;
  let open = n + 1;
  while (open - known > 1) {
    const middle = (known + open) >> 1;
    if (holds(middle)) known = middle;
    else open = middle;
  }
  return known;
}
