import { ANSWERED, CELL, type ScoreGroup } from "../scores.ts";
import type { RefusalJudging } from "./refusal-verdicts.ts";

/**
 * Takes the values of what hangs on a judge's word out of the conditions in which it has said nothing yet. Left there would be
 * the answers that need no judge alone: those that the system itself declined, a figure of nothing but refusals.
 */
export function withoutUnjudged(
  groups: ReadonlyMap<string, ScoreGroup>,
  judging: RefusalJudging | undefined,
): ReadonlyMap<string, ScoreGroup> {
  if (judging === undefined) return groups;
  return new Map(
    Array.from(groups, ([name, group]) => {
      if (!isUnjudged(group, judging)) return [name, group];
      const metrics = Array.from(group.metrics, ([metric, column]) => {
        if (!judging.decides.has(metric)) return [metric, column] as const;
        const states = column.states.map((state) =>
          state === CELL.scored || state === CELL.failed ? CELL.unscored : state,
        );
        return [metric, { values: new Float64Array(states.length), states }] as const;
      });
      return [name, { ...group, metrics: new Map(metrics) }];
    }),
  );
}

/** Whether answers of a condition wait for the judge, and it has not decided about a single one there. */
export function isUnjudged({ name, answered }: ScoreGroup, { conditions }: RefusalJudging): boolean {
  return (
    !conditions.has(name) && answered.some((state) => state === ANSWERED.notJudged || state === ANSWERED.noVerdict)
  );
}
