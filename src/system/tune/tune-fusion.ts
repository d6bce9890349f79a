import type { Ranking } from "../../core/ranking.ts";
import { type FusionSettings, fuse } from "../../search/fusion.ts";
import { chooseSetting, type Tuned } from "./choose-setting.ts";

/** A question with what each part of a fusion ranked for it, as deep as the fusion joins them. */
export interface FusionSample {
  readonly rankings: readonly Ranking[];
  /** The document of the question; the question's own id where it has none. */
  readonly cluster: string;
}

/** 0, .05 … 1, the even one first: it is kept where no other is better. */
export const WEIGHTS: readonly number[] = [
  0.5,
  ...Array.from({ length: 21 }, (_, n) => n / 20).filter((weight) => weight !== 0.5),
];

/** Convex sums of two rankings for each weight of the first one. */
export function weightGrid(
  weights: readonly number[] = WEIGHTS,
  normalise: "min-max" | "z" | "none" = "min-max",
): FusionSettings[] {
  return weights.map((weight) => ({ method: "convex", normalise, weights: [weight, 1 - weight] }));
}

/**
 * Chooses how rankings are fused.
 * @param grid settings to look at, the one to keep when none is better first
 * @param score of a fused ranking for one question, more is better: nDCG@10, R@4
 * @param folds to learn what choosing is worth on unseen documents; see {@link chooseSetting}
 * @throws BadArgument for an empty grid or no samples
 */
export function tuneFusion<S extends FusionSample>(
  samples: readonly S[],
  grid: readonly FusionSettings[],
  score: (ranking: Ranking, sample: S) => number,
  folds?: number,
): Tuned<FusionSettings> {
  const scores = grid.map((settings) =>
    Float64Array.from(samples, (sample) => score(fuse(sample.rankings, settings), sample)),
  );
  return chooseSetting({ settings: grid, scores, clusters: samples.map(({ cluster }) => cluster) }, folds);
}
