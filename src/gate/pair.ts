import { type ScoreSample, type Scores, sampleOf } from "../runlog/index.ts";
import { sum } from "../stats/index.ts";
import type { Side } from "./verdict.ts";

/** Two runs' values, question by question, in the candidate's order. */
export interface Pairs {
  /** Candidate - baseline on the questions with a value in both; differences at the size of rounding are 0. */
  readonly differences: Float64Array;
  readonly clusters?: Uint32Array;
  /** Each over all questions with a value in that run. */
  readonly baseline: Side;
  readonly candidate: Side;
  /** How many questions have a value in one run only. */
  readonly unpaired: number;
  /** Every question with a value in either run, undefined where a run has none. */
  readonly either: {
    readonly baseline: readonly (number | undefined)[];
    readonly candidate: readonly (number | undefined)[];
    readonly clusters?: readonly number[];
  };
}

/** Pairs one metric of two comparable runs by question. Both runs must have the group and the metric. */
export function pair(baseline: Scores, candidate: Scores, group: string, metric: string): Pairs {
  const [a, b] = [sampleOf(baseline, group, metric)!, sampleOf(candidate, group, metric)!];
  const [before, after] = [byQuestion(baseline, a), byQuestion(candidate, b)];
  const questions = candidate.queries.flatMap((id, i) => (before.has(id) || after.has(id) ? [{ id, i }] : []));
  const both = questions.filter(({ id }) => before.has(id) && after.has(id));
  const { clusters } = candidate;
  return {
    differences: Float64Array.from(both, ({ id }) => difference(after.get(id)!, before.get(id)!)),
    ...(clusters && { clusters: Uint32Array.from(both, ({ i }) => clusters[i]!) }),
    baseline: side(a, a.values),
    candidate: side(b, b.values),
    unpaired: questions.length - both.length,
    either: {
      baseline: questions.map(({ id }) => before.get(id)),
      candidate: questions.map(({ id }) => after.get(id)),
      ...(clusters && { clusters: questions.map(({ i }) => clusters[i]!) }),
    },
  };
}

/** The value of each question that has one, by its id. */
export function byQuestion({ queries }: Pick<Scores, "queries">, sample: ScoreSample): ReadonlyMap<string, number> {
  return new Map(Array.from(sample.queries, (query, i) => [queries[query]!, sample.values[i]!]));
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
export function difference(y: number, x: number): number {
  return Math.abs(y - x) <= 1e-12 * Math.max(Math.abs(x), Math.abs(y)) ? 0 : y - x;
}
