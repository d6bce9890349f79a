import { BadArgument } from "../core/errors.ts";

/**
 * Holm's step-down adjustment of p-values for several comparisons: rejecting those that are at most alpha keeps the
 * chance of any false rejection at alpha, whatever their dependence. Source: Holm, Scand. J. Statistics 6, 1979.
 *
 * @param pValues each in [0, 1]
 * @returns adjusted p-values in the order of the input, each at least its p and at most 1; equal p stay equal
 * @throws BadArgument when a p-value is outside [0, 1]
 * @example holm([0.01, 0.04, 0.03]) // [0.03, 0.06, 0.06]
 */
export function holm(pValues: ArrayLike<number>): number[] {
  const p = Array.from(pValues);
  for (const value of p) {
    if (!(value >= 0 && value <= 1)) throw new BadArgument(`a p-value must lie in [0, 1], got ${value}`);
  }
  const order = p.map((_, i) => i).sort((a, b) => p[a]! - p[b]!);
  const adjusted = new Array<number>(p.length);
  let largest = 0;
  for (const [rank, i] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (p.length - rank) * p[i]!));
    adjusted[i] = largest;
  }
  return adjusted;
}
