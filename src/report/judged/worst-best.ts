import { ANSWERED, CELL, type Scores } from "../../runlog/index.ts";
import { metricHead } from "../metric-head.ts";
import type { MetricHead } from "../summary-types.ts";

/** What a mean would be if every unscored answer had got the worst value, and if it had got the best. */
export interface WorstBest {
  readonly worst: number;
  readonly best: number;
  /** Answers without a grade, of those that should have one. */
  readonly unscored: number;
}

/**
 * The worst and the best case that the unscored answers of a judge's column allow, or those of a metric that hangs on which answers
 * a judge takes for refusals: the same mean over questions, with the ends of the scale in their place. Failures of the system hold
 * the floor in both.
 * @returns undefined where every answer has a grade, or there is no such column
 */
export function worstBest(scores: Scores, group: string, name: string): WorstBest | undefined {
  const found = scores.groups.get(group);
  const column = found?.metrics.get(name);
  const graded = scores.judged.get(name)?.range;
  const { range = graded, better } = scores.refusals?.decides.has(name) ? metricHead(name) : HIGHER;
  if (found === undefined || column === undefined || range === undefined) return undefined;
  let [low, high, questions, unscored] = [0, 0, 0, 0];
  for (let query = 0; query < scores.queries.length; query += 1) {
    let [known, cells, open] = [0, 0, 0];
    for (let cell = query * found.trials; cell < (query + 1) * found.trials; cell += 1) {
      const state = column.states[cell];
      // A metric may lack its gold as well: that no judge can help.
      if (state === CELL.unscored && (graded || found.answered[cell]! > ANSWERED.failed)) open += 1;
      else if (state === CELL.scored || state === CELL.failed) known += column.values[cell]!;
      else continue;
      cells += 1;
    }
    if (cells === 0) continue;
    questions += 1;
    unscored += open;
    low += (known + open * range[0]) / cells;
    high += (known + open * range[1]) / cells;
  }
  if (unscored === 0) return undefined;
  const ends = { worst: low / questions, best: high / questions, unscored };
  return better === "higher" ? ends : { ...ends, worst: ends.best, best: ends.worst };
}

/** The grades of a judge. */
const HIGHER: Pick<MetricHead, "range" | "better"> = { better: "higher" };
