import { CELL, type Scores } from "./scores.ts";

/** One metric of one group as `stats` takes it: a value per question, in the dataset's order. */
export interface ScoreSample {
  /** Values of the questions that have one, floors of failed ones included; trials are averaged first. */
  readonly values: Float64Array;
  /** The question of each value, as its position in {@link Scores.queries}: what pairs two runs. */
  readonly queries: Uint32Array;
  /** Of the values, those into which at least one floor of a failed trial went. */
  readonly failed: number;
  /** Questions the metric applies to but has no value for; those of an interrupted run that are still to come too. */
  readonly unscored: number;
  /** The cluster of each value; absent when the suite declares its questions independent. */
  readonly clusters?: Uint32Array;
}

/**
 * The sample behind a mean. A question's value is the mean over its trials that have one; a question to which the metric
 * does not apply is not part of the sample.
 * @returns undefined where the run has no such group or metric
 * @example estimateMean(sampleOf(scores, "rag@5", "F1")!, { rng })
 */
export function sampleOf(scores: Scores, group: string, metric: string): ScoreSample | undefined {
  const found = scores.groups.get(group);
  const column = found?.metrics.get(metric);
  if (found === undefined || column === undefined) return undefined;
  const count = scores.queries.length;
  const values = new Float64Array(count);
  const queries = new Uint32Array(count);
  let n = 0;
  let failed = 0;
  let unscored = 0;
  for (let query = 0; query < count; query += 1) {
    const cells = tally(column.values, column.states, query * found.trials, found.trials);
    if (cells.valued > 0) {
      values[n] = cells.total / cells.valued;
      queries[n] = query;
      n += 1;
      if (cells.failed > 0) failed += 1;
    } else if (cells.notApplicable < found.trials) unscored += 1;
  }
  const index = queries.slice(0, n);
  const { clusters } = scores;
  return {
    values: values.slice(0, n),
    queries: index,
    failed,
    unscored,
    ...(clusters && { clusters: index.map((query) => clusters[query]!) }),
  };
}

function tally(values: Float64Array, states: Uint8Array, from: number, trials: number) {
  const cells = { total: 0, valued: 0, failed: 0, notApplicable: 0 };
  for (let cell = from; cell < from + trials; cell += 1) {
    const state = states[cell];
    if (state === CELL.notApplicable) cells.notApplicable += 1;
    if (state !== CELL.scored && state !== CELL.failed) continue;
    cells.total += values[cell]!;
    cells.valued += 1;
    if (state === CELL.failed) cells.failed += 1;
  }
  return cells;
}
