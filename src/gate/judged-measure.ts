import type { MetricDefinition } from "../metric/index.ts";
import type { JudgedColumn } from "../runlog/index.ts";

/** What the gate has to know of a metric to read it. */
export type Measure = Pick<MetricDefinition, "better" | "range" | "proportion">;

/** How a judge's column in two runs is read, or why the two are not one measure. */
export function judgedMeasure(a: JudgedColumn, b: JudgedColumn): Measure | string {
  if (a.judge.id !== b.judge.id || a.judge.sha256 !== b.judge.sha256) return "two versions of the judge graded it";
  const proportion = b.values?.length === 2 && b.values[0] === 0 && b.values[1] === 1;
  return { better: "higher", range: b.range, proportion };
}
