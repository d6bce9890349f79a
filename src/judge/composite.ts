import type { Rubric } from "../config/rubric.ts";
import { type Outcome, scored, unscored } from "../core/outcome.ts";

/**
 * The weighted sum of a rubric's scores, on their scale where all criteria share one, else on 0 to 1 after each was moved there.
 * A missing part leaves it unscored: weights are never spread over what is there.
 * @returns undefined for a rubric without weights
 */
export function composite({ criteria }: Rubric, scores: ReadonlyMap<string, number>): Outcome | undefined {
  if (criteria.some(({ weight }) => weight === undefined)) return undefined;
  const ranges = criteria.map(({ steps }) => [steps[0]!.value, steps.at(-1)!.value] as const);
  const [low, high] = ranges[0]!;
  const shared = ranges.every(([a, b]) => a === low && b === high);
  let sum = 0;
  for (const [at, { id, weight }] of criteria.entries()) {
    const score = scores.get(id);
    if (score === undefined) return unscored("judge-failed", `no grade of ${id}`);
    const [from, to] = ranges[at]!;
    sum += weight! * (shared ? score : (score - from) / (to - from));
  }
  return scored(sum);
}
