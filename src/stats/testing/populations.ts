import { type Rng, seeded } from "../../core/rng.ts";
import { normalQuantile } from "../normal.ts";

/** Draws one value; `effect` is what the value shares with its cluster, standard normal. */
export type Population = (rng: Rng, effect: number) => number;

export function gauss(rng: Rng): number {
  return normalQuantile((rng.uint32() + 0.5) / 0x1_0000_0000);
}

const clip = (x: number) => Math.min(1, Math.max(0, x));

/** Populations shaped like the values of metrics. */
export const POPULATIONS = {
  normal: (rng) => gauss(rng),
  /** F1 of answers: many 0, many 1, the rest between. */
  f1: (rng) => {
    const u = rng.float();
    return u < 0.35 ? 1 : u < 0.65 ? 0 : rng.float();
  },
  /** A nearly perfect system. */
  ceiling: (rng) => (rng.float() < 0.9 ? 1 : rng.float()),
  /** Differences of two similar systems: half of them 0. */
  differences: (rng) => (rng.float() < 0.5 ? 0 : (rng.float() + rng.float() - 1) * 0.3),
  /** F1 where questions of one document are alike. */
  clusteredF1: (rng, effect) => {
    const right = clip(0.35 + 0.3 * effect);
    const u = rng.float();
    return u < right ? 1 : u < right + (1 - right) / 2 ? 0 : rng.float();
  },
  /** Right or wrong answers where questions of one document are alike. */
  clusteredRight: (rng, effect) => (rng.float() < clip(0.5 + 0.3 * effect) ? 1 : 0),
  /** The same near the ceiling. */
  clusteredMostlyRight: (rng, effect) => (rng.float() < clip(0.9 + 0.12 * effect) ? 1 : 0),
} satisfies Record<string, Population>;

/** Draws n values, or n clusters of 1 to 10 values each. */
export function draw(population: Population, n: number, rng: Rng, clustered = false) {
  const values: number[] = [];
  const clusters: number[] = [];
  for (let g = 0; g < n; g++) {
    const effect = clustered ? gauss(rng) : 0;
    const size = clustered ? 1 + rng.below(10) : 1;
    for (let i = 0; i < size; i++) {
      values.push(population(rng, effect));
      clusters.push(g);
    }
  }
  return { values, clusters: clustered ? clusters : undefined };
}

/** The mean of a population, from 400,000 values (standard error below .001 for all above but `normal`, below .002). */
export function trueMean(population: Population): number {
  const rng = seeded("true mean");
  let total = 0;
  for (let i = 0; i < 100_000; i++) {
    const effect = gauss(rng);
    for (let j = 0; j < 4; j++) total += population(rng, effect);
  }
  return total / 400_000;
}
