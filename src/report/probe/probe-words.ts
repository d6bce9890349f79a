import type { Estimate } from "../../core/estimate.ts";
import { formatP } from "../cells/cell-view.ts";
import type { MetricHead } from "../summary-types.ts";
import { formatCount, formatEstimate } from "../text/format-number.ts";
import type { ProbeContrast, ProbeDifference, ProbeTable } from "./probe-table.ts";

/** `n 9` of an estimate whose n is not that of the table's first column. */
export function ownCount(estimates: readonly (Estimate | undefined)[], at: number): string {
  const [first, own] = [estimates[0]?.n, estimates[at]?.n];
  return own === undefined || own === first ? "" : `n ${formatCount(own)}`;
}

export function questionCount(count: number): string {
  return `${formatCount(count)} ${count === 1 ? "question" : "questions"}`;
}

/** Whether the evidence tells two cells apart, in a word; empty where it does not. */
export function apartWord({ difference, pHolm }: ProbeDifference, level: number): "" | "lower" | "higher" {
  if (pHolm > 1 - level) return "";
  return difference.mean < 0 ? "lower" : "higher";
}

/** `−.120 [−.210, −.030], p .004`. */
export function differenceText({ difference, pHolm }: ProbeDifference, { range }: MetricHead): string {
  const width = range && ([range[0] - range[1], range[1] - range[0]] as const);
  return `${formatEstimate(difference, width)}, p ${formatP(pHolm)}`;
}

/** One of the further comparisons as a sentence. */
export function contrastText(contrast: ProbeContrast, { columns, level }: ProbeTable): string {
  const { a, b, column } = contrast;
  const head = columns.find(({ name }) => name === column)!;
  const word = apartWord(contrast, level);
  const verdict = word === "" ? "cannot be told apart" : word;
  return `${column}, ${a} − ${b}: ${differenceText(contrast, head)}: ${verdict}`;
}
