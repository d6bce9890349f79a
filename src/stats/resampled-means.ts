import type { Rng } from "../core/rng.ts";
import { requireCount } from "./argument.ts";
import { RandomIndices } from "./random-indices.ts";
import { toUnits, type Units } from "./units.ts";

/**
 * Means of bootstrap resamples: as many units as there are, drawn with replacement. With clusters whole clusters are
 * drawn, and the mean is the ratio of drawn sums to drawn sizes. O(resamples × units).
 *
 * @param resamples how many
 * @param clusters a number per value that names its cluster
 * @throws BadArgument when there is nothing to draw from
 */
export function resampledMeans(
  values: ArrayLike<number>,
  resamples: number,
  rng: Rng,
  clusters?: ArrayLike<number>,
): Float64Array {
  return resampledMeansOfUnits(toUnits(values, clusters), resamples, rng);
}

export function resampledMeansOfUnits({ sums, sizes, count }: Units, resamples: number, rng: Rng): Float64Array {
  requireCount("values or clusters", count, 1);
  const means = new Float64Array(resamples);
  const source = new RandomIndices(rng, count);
  const indices = new Uint32Array(count);
  for (let r = 0; r < resamples; r++) {
    source.fill(indices);
    means[r] = gather(sums, indices) / (sizes === undefined ? count : gather(sizes, indices));
  }
  return means;
}

/** Four running sums, because an addition waits for the one before. */
function gather(values: Float64Array, indices: Uint32Array): number {
  const whole = indices.length & ~3;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = 0; i < whole; i += 4) {
    a += values[indices[i]!]!;
    b += values[indices[i + 1]!]!;
    c += values[indices[i + 2]!]!;
    d += values[indices[i + 3]!]!;
  }
  for (let i = whole; i < indices.length; i++) a += values[indices[i]!]!;
  return a + b + (c + d);
}
