import { parseMetric } from "../../metric/index.ts";
import { metricHead } from "../metric-head.ts";

/** What counts as a right answer, where something must be right or wrong. */
export interface Rightness {
  /** Canonical name of a metric in [0, 1] that the run measured. */
  readonly metric: string;
  /** Right from this value on. */
  readonly from: number;
}

/**
 * The rule of a run: that of its `AnswerPrecision`, where the suite has one and the metric it goes by; else EM, else the
 * first 0/1 metric against references, else the first metric against references, of .5 or more.
 * @returns undefined where the run compares no answer with references
 */
export function rightnessOf(metrics: readonly string[]): Rightness | undefined {
  const declared = metrics.flatMap((name) => {
    const parsed = parseMetric(name);
    if (!parsed.ok || parsed.metric.definition.name !== "AnswerPrecision") return [];
    const { params } = parsed.metric;
    return { metric: String(params.get("by")), from: Number(params.get("at_least")) };
  });
  const measured = declared.find(({ metric }) => metrics.includes(metric));
  if (measured !== undefined) return measured;
  const heads = metrics.map(metricHead).filter(({ group }) => group === "reference");
  const found = heads.find(({ name }) => name === "EM") ?? heads.find((head) => head.proportion) ?? heads[0];
  return found && { metric: found.name, from: 0.5 };
}

/** In words: `EM ≥ .5`. */
export function rightnessText({ metric, from }: Rightness): string {
  return `${metric} ≥ ${String(from).replace(/^0/, "")}`;
}
