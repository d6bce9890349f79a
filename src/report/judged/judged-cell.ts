import type { CorrectedMean, Scores } from "../../runlog/index.ts";
import { type GradeDistribution, gradeDistribution } from "./grade-distribution.ts";
import { type WorstBest, worstBest } from "./worst-best.ts";

/** What stands beside the mean of a judge's grades. */
export interface JudgedCell {
  readonly grades: GradeDistribution;
  /** Where some answers have no grade. */
  readonly bounds?: WorstBest;
  /** Where people labelled some of the answers. */
  readonly corrected?: CorrectedMean;
}

/** @returns undefined where the column is no judge's */
export function judgedCell(scores: Scores, group: string, name: string): JudgedCell | undefined {
  const grades = gradeDistribution(scores, group, name);
  if (grades === undefined) return undefined;
  const bounds = worstBest(scores, group, name);
  const corrected = scores.judged.get(name)?.corrected?.get(group);
  return { grades, ...(bounds && { bounds }), ...(corrected && { corrected }) };
}
