import type { Metric, MetricDefinition } from "./define.ts";
import type { ParamValue, ParamValues } from "./params.ts";

/**
 * The canonical name of a metric, as ir_measures writes it: parameters sorted by name, defaults left out, the cutoff
 * after `@`. `parseMetric` reads it back to the same metric.
 * @example formatMetric(m) === "nDCG(dcg='exp-log2')@10"
 */
export function formatMetric(metric: Metric): string {
  return formatName(metric.definition, metric.params);
}

/** @param values may leave out parameters that are at their default */
export function formatName(definition: Pick<MetricDefinition, "name" | "params">, values: ParamValues): string {
  const shown = Array.from(values)
    .filter(([key, value]) => key !== "at" && value !== definition.params[key]?.default)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${formatValue(value)}`);
  const at = values.get("at");
  return definition.name + (shown.length > 0 ? `(${shown.join(", ")})` : "") + (at === undefined ? "" : `@${at}`);
}

/** A plain word stands bare; other text in single quotes. No value of a parameter holds a quote. */
function formatValue(value: ParamValue): string {
  return typeof value === "string" && !/^\w+$/.test(value) ? `'${value}'` : String(value);
}
