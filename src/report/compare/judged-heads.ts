import type { Calibrations, Scores } from "../../runlog/index.ts";
import { columnHead } from "../metric-head.ts";
import type { MetricHead } from "../summary-types.ts";

/** Of metrics, those that depend on a judge, with how far it was measured against people: no score of a judge is told without. */
export function judgedHeads(
  metrics: readonly { readonly metric: string }[],
  runs: readonly Pick<Scores, "judged" | "refusals">[],
  calibrations: Calibrations,
): MetricHead[] {
  const names = new Set(metrics.map(({ metric }) => metric));
  return Array.from(names, (name) => columnHead(name, runs, calibrations)).filter(({ judge }) => judge !== undefined);
}
