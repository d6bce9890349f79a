import { type ScoreSample, type Scores, sampleOf } from "../runlog/index.ts";
import { sum } from "../stats/index.ts";
import type { Side } from "./verdict.ts";

/** The questions with a value in both runs, in the candidate's order. */
export interface Pairs {
  /** Candidate - baseline; differences at the size of rounding are 0. */
  readonly differences: Float64Array;
  readonly clusters?: Uint32Array;
  /** Means over the pairs; counts over each whole run. */
  readonly baseline: Side;
  readonly candidate: Side;
  /** Questions with a value in one run only. */
  readonly unpaired: number;
}

/** Pairs one metric of two comparable runs by question. Both runs must have the group and the metric. */
export function pair(baseline: Scores, candidate: Scores, group: string, metric: string): Pairs {
  const [a, b] = [sampleOf(baseline, group, metric)!, sampleOf(candidate, group, metric)!];
  const ofQuestion = new Map(Array.from(a.queries, (query, i) => [baseline.queries[query]!, a.values[i]!]));
  const [xs, ys, clusters] = [[] as number[], [] as number[], [] as number[]];
  for (const [i, query] of b.queries.entries()) {
    const x = ofQuestion.get(candidate.queries[query]!);
    if (x === undefined) continue;
    xs.push(x);
    ys.push(b.values[i]!);
    if (b.clusters) clusters.push(b.clusters[i]!);
  }
  return {
    differences: Float64Array.from(ys, (y, i) => difference(y, xs[i]!)),
    ...(b.clusters && { clusters: Uint32Array.from(clusters) }),
    baseline: side(a, xs),
    candidate: side(b, ys),
    unpaired: a.values.length + b.values.length - 2 * xs.length,
  };
}

/** One run's counts, with the mean of the given values. */
export function side(sample: ScoreSample, values: ArrayLike<number>): Side {
  const { failed, unscored } = sample;
  return { mean: mean(values), n: sample.values.length, failed, unscored };
}

function mean(values: ArrayLike<number>): number | undefined {
  return values.length === 0 ? undefined : sum(values) / values.length;
}

/** Scores that are equal but for the order of additions do not differ. */
function difference(y: number, x: number): number {
  return Math.abs(y - x) <= 1e-12 * Math.max(Math.abs(x), Math.abs(y)) ? 0 : y - x;
}
