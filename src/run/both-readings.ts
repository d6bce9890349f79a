import type { Metric, RankingMetric } from "../metric/index.ts";
import type { QuestionRecord } from "../runlog/index.ts";

/** Holds questions: an array, or whatever else can be asked whether some are so. */
interface Questions {
  some(test: (question: QuestionRecord) => boolean): boolean;
}

/**
 * Where gold is spans, each recall is followed by the same by the strict rule (`R@5`, `R(gold=strict)@5`): how much of a
 * figure is passages that hold a part of the gold only is then seen without asking.
 */
export function inBothReadings(metrics: readonly Metric[], questions: Questions): Metric[] {
  if (!questions.some(({ strict }) => strict !== undefined)) return [...metrics];
  const both = metrics.flatMap((m) =>
    m.kind === "ranking" && m.definition.name === "R" && m.gold === "lenient" ? [m, strictly(m)] : [m],
  );
  return [...new Map(both.map((metric) => [metric.name, metric])).values()];
}

function strictly({ definition, params }: RankingMetric): Metric {
  return definition.bind(new Map([...params, ["gold", "strict"]]), new Map());
}
