export { type CompareOptions, compareRuns } from "./compare-runs.ts";
export type { ComparedMetric, Comparison, Flip, FlipList } from "./comparison.ts";
