import type { Estimate } from "../../core/estimate.ts";
import { formatP } from "../cell-view.ts";
import { formatEstimate } from "../format-number.ts";
import type { MetricHead } from "../summary-types.ts";
import type { ProbeContrast, ProbeDifference, ProbeTable } from "./probe-table.ts";

/** Whether the evidence tells two cells apart, in a word; empty where it does not. */
export function apartWord({ difference, pHolm }: ProbeDifference, level: number): "" | "lower" | "higher" {
  if (difference.state !== "estimated" || pHolm > 1 - level) return "";
  return difference.mean < 0 ? "lower" : "higher";
}

/** `−.120 [−.210, −.030], p .004`. */
export function differenceText(one: ProbeDifference, { range }: MetricHead): string {
  return `${estimateText(one.difference, range)}, p ${formatP(one.pHolm)}`;
}

function estimateText(difference: Estimate, range: MetricHead["range"]): string {
  if (difference.state === "not-estimable") return difference.reason;
  return formatEstimate(difference, range && [range[0] - range[1], range[1] - range[0]]);
}

/** One of the further comparisons as a sentence. */
export function contrastText(contrast: ProbeContrast, { columns, level }: ProbeTable): string {
  const { a, b, column } = contrast;
  const head = columns.find(({ name }) => name === column)!;
  const word = apartWord(contrast, level);
  const verdict = word === "" ? "cannot be told apart" : word;
  return `${column}, ${a} − ${b}: ${differenceText(contrast, head)}: ${verdict}`;
}
