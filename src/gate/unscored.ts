import { type Scores, sampleOf } from "../runlog/index.ts";
import type { PlannedCheck } from "./plan-checks.ts";
import type { UnscoredCheck } from "./verdict.ts";

/**
 * Counts, for every gated metric and condition, the questions without a value: what a judge gave no grade for moves no mean,
 * so that only this limit sees it.
 * @param limit the largest share of the questions that the metric speaks of, 0 to 1
 */
export function checkUnscored(planned: readonly PlannedCheck[], candidate: Scores, limit: number): UnscoredCheck[] {
  const columns = new Map(
    planned.map(({ metric, condition }) => [JSON.stringify([metric, condition]), { metric, condition }]),
  );
  return Array.from(columns.values(), ({ metric, condition }) => {
    const { values, unscored } = sampleOf(candidate, condition, metric)!;
    const asked = values.length + unscored;
    return { verdict: unscored > limit * asked ? "fail" : "pass", metric, condition, unscored, asked, limit };
  });
}
