import { BadArgument } from "../core/errors.ts";

/**
 * Quantile by linear interpolation between order statistics: R's type 7, numpy's default.
 *
 * @param sorted ascending, at least one value
 * @param p in [0, 1]
 * @throws BadArgument when there is no value or `p` is outside [0, 1]
 * @example quantileSorted([1, 2, 3, 4], 0.5) // 2.5
 */
export function quantileSorted(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) throw new BadArgument("a quantile needs at least one value");
  if (!(p >= 0 && p <= 1)) throw new BadArgument(`p must lie in [0, 1], got ${p}`);
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const fraction = position - below;
  return fraction === 0 ? low : low + fraction * (sorted[below + 1]! - low);
}
