/** Smaller errors are not told apart. */
const LEAST = 1e-9;
/** A bound at a tail error of ½ is the middle of the interval; beyond it there is nothing to show. */
const MOST = 0.4999;

/**
 * The smallest one-sided error at which a bound of an interval excludes a value: a p-value read off intervals, to nine
 * digits; 1 when it does at none.
 *
 * @param excludes whether it does at an error in (0, ½), where the interval has the level 1 - 2 × error; once it does, it
 *   does at every larger error
 * @example tailError((tail) => 0.1 - normalQuantile(1 - tail) * 0.05 > 0) // 0.02275
 */
export function tailError(excludes: (tail: number) => boolean): number {
  if (!excludes(MOST)) return 1;
  if (excludes(LEAST)) return LEAST;
  let [outside, inside] = [Math.log(LEAST), Math.log(MOST)];
  for (let step = 0; step < 36; step += 1) {
    const middle = (outside + inside) / 2;
    if (excludes(Math.exp(middle))) inside = middle;
    else outside = middle;
  }
  return Math.exp(inside);
}
