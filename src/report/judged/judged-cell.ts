import type { CorrectedMean, Scores } from "../../runlog/index.ts";
import { type GradeDistribution, gradeDistribution } from "./grade-distribution.ts";
import { type WorstBest, worstBest } from "./worst-best.ts";

/** What stands beside the mean of a judge's grades. */
export interface JudgedCell {
  /** Of a judge's column; a metric that hangs on a judge's word has none. */
  readonly grades?: GradeDistribution;
  /** Where some answers have no grade. */
  readonly bounds?: WorstBest;
  /** Where people labelled some of the answers. */
  readonly corrected?: CorrectedMean;
}

/** @returns undefined where no judge has a part in the column */
export function judgedCell(scores: Scores, group: string, name: string): JudgedCell | undefined {
  const grades = gradeDistribution(scores, group, name);
  const bounds = worstBest(scores, group, name);
  if (grades === undefined && bounds === undefined) return undefined;
  const corrected = scores.judged.get(name)?.corrected?.get(group);
  return { ...(grades && { grades }), ...(bounds && { bounds }), ...(corrected && { corrected }) };
}
