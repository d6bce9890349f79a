import { parseMetric } from "../metric/index.ts";
import type { MetricHead } from "./summary-types.ts";

/** What tables say about a metric, by its canonical name. A name no version of ours knows is shown as it stands. */
export function metricHead(name: string): MetricHead {
  const parsed = parseMetric(name);
  if (!parsed.ok) {
    const meaning = "This version does not know the metric, so it is shown without range and direction.";
    return { name, title: name, meaning, unit: "", better: "higher", proportion: false, group: "unknown" };
  }
  const { title, meaning, unit, better, range, proportion, group } = parsed.metric.definition;
  // An open range says nothing, and JSON has no infinity.
  const bounded = range.every(Number.isFinite);
  return { name, title, meaning, unit, better, ...(bounded && { range }), proportion, group };
}

/** Where the definitions page explains a metric: the word its name begins with. */
export function metricAnchor(name: string): string {
  return /^[A-Za-z][A-Za-z0-9-]*/.exec(name)?.[0] ?? "";
}
