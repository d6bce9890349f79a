import type { Metric, RankingMetric } from "../metric/index.ts";

/**
 * Where gold is spans, each recall is followed by the same by the strict rule (`R@5`, `R(gold=strict)@5`): how much of a
 * figure is passages that hold a part of the gold only is then seen without asking.
 * @param spans whether gold is spans
 */
export function inBothReadings(metrics: readonly Metric[], spans: boolean): Metric[] {
  if (!spans) return [...metrics];
  const both = metrics.flatMap((m) =>
    m.kind === "ranking" && m.definition.name === "R" && m.gold === "lenient" ? [m, strictly(m)] : [m],
  );
  return [...new Map(both.map((metric) => [metric.name, metric])).values()];
}

function strictly({ definition, params }: RankingMetric): Metric {
  return definition.bind(new Map([...params, ["gold", "strict"]]), new Map());
}
