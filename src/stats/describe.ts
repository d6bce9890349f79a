import { requireFinite } from "./argument.ts";
import { quantileSorted } from "./quantile.ts";
import { sum } from "./sum.ts";

export interface Description {
  readonly n: number;
  readonly mean: number;
  /** Sample standard deviation (divisor n - 1); undefined for a single value. */
  readonly sd: number | undefined;
  readonly min: number;
  readonly max: number;
  /** Quantile of the values, `p` in [0, 1]; type 7 (numpy's default). */
  quantile(p: number): number;
}

/**
 * Descriptive statistics of finite values, in their own unit. Sums are compensated and the deviations are taken from
 * the mean (two passes), so that large offsets cost no digits. O(n log n).
 *
 * @returns undefined for no values
 * @throws BadArgument when a value is not finite
 * @example describe([1, 2, 3, 4])?.quantile(0.9) // 3.7
 */
export function describe(values: ArrayLike<number>): Description | undefined {
  requireFinite("values", values);
  const n = values.length;
  if (n === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  const mean = sum(sorted) / n;
  const squares = sorted.map((x) => (x - mean) ** 2);
  return {
    n,
    mean,
    sd: n > 1 ? Math.sqrt(sum(squares) / (n - 1)) : undefined,
    min: sorted[0]!,
    max: sorted[n - 1]!,
    quantile: (p) => quantileSorted(sorted, p),
  };
}
