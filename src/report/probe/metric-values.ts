import { CELL, type Scores, sampleOf } from "../../runlog/index.ts";
import type { ProbeValues } from "./probe-table.ts";

/** Where a question of a log stands in a probe's own order; undefined when it is none of the cell's. */
export type Places = (query: number) => number | undefined;

/**
 * One metric of one group of a log, a value per question of the probe.
 * @param group `retrieval` or a condition @param questions how many questions the probe has; those of the log when left out
 * @returns undefined where the log has no such number
 */
export function metricValues(
  scores: Scores,
  group: string,
  metric: string,
  placeOf: Places = (query) => query,
  questions: number = scores.queries.length,
): ProbeValues | undefined {
  const found = scores.groups.get(group);
  const column = found?.metrics.get(metric);
  const sample = sampleOf(scores, group, metric);
  if (found === undefined || column === undefined || sample === undefined) return undefined;
  const values = new Float64Array(questions).fill(Number.NaN);
  let n = 0;
  for (const [i, query] of sample.queries.entries()) {
    const place = placeOf(query);
    if (place === undefined) continue;
    values[place] = sample.values[i]!;
    n += 1;
  }
  if (n === 0) return undefined;
  let [failed, unscored] = [0, 0];
  for (const [cell, state] of column.states.entries()) {
    if (placeOf(Math.floor(cell / found.trials)) === undefined) continue;
    if (state === CELL.failed) failed += 1;
    if (state === CELL.unscored) unscored += 1;
  }
  return { values, failed, unscored };
}
