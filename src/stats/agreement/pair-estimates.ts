import type { Estimate } from "../../core/estimate.ts";
import type { Rng } from "../../core/rng.ts";
import { estimateMean } from "../estimate-mean.ts";
import { requirePair, type Tally } from "./tally.ts";

export interface PairEstimateOptions {
  /** Confidence level in (0, 1). Default .95. */
  readonly level?: number;
  /** A number per item that names its question. */
  readonly clusters?: ArrayLike<number>;
  readonly rng: Rng;
}

export interface PairEstimates {
  /** Share of items with the same grade, in [0, 1]. */
  readonly exact: Estimate;
  /** Share of items whose grades differ by at most 1, in [0, 1]. */
  readonly withinOne: Estimate;
  /** Mean absolute difference, in points of the scale. */
  readonly absoluteError: Estimate;
  /** Mean of second minus first, in points of the scale. */
  readonly bias: Estimate;
}

/**
 * The plain figures of two raters with their intervals, over the items that both graded: shares by Wilson's, so that full
 * agreement on what was seen is not certainty; differences by `estimateMean`'s choice within the ends of the scale. Items
 * that lack a grade are counted as unscored.
 *
 * @throws BadArgument unless there are two raters, or when clusters and items differ in number
 */
export function pairEstimates(tally: Tally, options: PairEstimateOptions): PairEstimates {
  requirePair(tally);
  const { level, clusters, rng } = options;
  const { scale, rows, rowOf } = tally;
  const kept = [...rowOf.keys()].filter((item) => rows[2 * rowOf[item]!]! >= 0 && rows[2 * rowOf[item]! + 1]! >= 0);
  const differences = Float64Array.from(kept, (item) => {
    const row = 2 * rowOf[item]!;
    return scale[rows[row + 1]!]! - scale[rows[row]!]!;
  });
  const sample = {
    failed: 0,
    unscored: rowOf.length - kept.length,
    ...(clusters && { clusters: Float64Array.from(kept, (item) => clusters[item]!) }),
  };
  const span = scale.length === 0 ? 0 : scale[scale.length - 1]! - scale[0]!;
  const share = (values: Float64Array) => estimateMean({ ...sample, values }, { level, proportion: true, rng });
  const points = (values: Float64Array, least: number) =>
    estimateMean({ ...sample, values }, { level, ...(span > 0 && { range: [least, span] }), rng });
  return {
    exact: share(differences.map((d) => (d === 0 ? 1 : 0))),
    withinOne: share(differences.map((d) => (Math.abs(d) <= 1 ? 1 : 0))),
    absoluteError: points(differences.map(Math.abs), 0),
    bias: points(differences, -span),
  };
}
