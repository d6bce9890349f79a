import type { Rng } from "../core/rng.ts";
import { requireCount } from "./argument.ts";
import { signFlipSums } from "./sign-flip-sums.ts";
import { toUnits } from "./units.ts";

export interface RandomizationOptions {
  /** Random sign assignments, >= 999. Default 99,999. */
  readonly draws?: number;
  readonly rng: Rng;
  /** A number per difference that names its cluster; then the signs of whole clusters are flipped. */
  readonly clusters?: ArrayLike<number>;
}

export interface Randomization {
  /** Two-sided p-value in (0, 1]. */
  readonly p: number;
  /** Sign assignments looked at. */
  readonly draws: number;
  /** `exact`: all 2^m of them. */
  readonly method: "randomization" | "exact";
  readonly seed: string;
}

/** Up to this many nonzero units all 2^16 sign assignments are looked at. */
const EXACT_UP_TO = 16;

/**
 * Two-sided paired randomization (sign-flip) test of a mean difference of 0: how often the absolute mean is at least
 * that observed when every difference keeps or flips its sign with probability ½. Drawn: (hits + 1) / (draws + 1), so
 * never 0. With up to 16 nonzero differences (or clusters) all assignments are enumerated and p is exact. Zero
 * differences change nothing and are left out; p is 1 when nothing is left.
 * Source: Smucker, Allan and Carterette, CIKM 2007; the + 1 from Phipson and Smyth 2010. O(draws × n / 8).
 *
 * @param differences finite, one per query
 * @throws BadArgument when a difference is not finite, draws < 999, or clusters differ in length
 * @example pairedRandomization([1, 1, 1, 1, 1], { rng: seeded("0") }).p // 0.0625, exact
 */
export function pairedRandomization(differences: ArrayLike<number>, options: RandomizationOptions): Randomization {
  const { draws = 99_999, rng, clusters } = options;
  requireCount("draws", draws, 999);
  const magnitudes = toUnits(differences, clusters).sums.filter((x) => x !== 0);
  const sums = signFlipSums(magnitudes);
  // Assignments that tie with the observed one must count, whatever the rounding of their sums.
  const slack = 1e-12 * magnitudes.reduce((total, x) => total + Math.abs(x), 0);
  const limit = Math.abs(sums.observed) - slack;
  if (magnitudes.length <= EXACT_UP_TO) {
    const all = 2 ** magnitudes.length;
    return { p: sums.countAll(limit) / all, draws: all, method: "exact", seed: rng.seed };
  }
  const hits = sums.countDrawn(limit, draws, rng);
  return { p: (hits + 1) / (draws + 1), draws, method: "randomization", seed: rng.seed };
}
