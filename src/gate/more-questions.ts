import { queriesNeeded, sum } from "../stats/index.ts";
import type { Evidence } from "./evidence.ts";

/**
 * About how many more questions would turn a "cannot tell" into an answer with a probability of 80 %, when scores go on
 * varying as they do. A non-inferiority check with a margin is planned for a candidate that is in truth as good as the
 * baseline, as such trials are; where that many questions are there already, and for every other check, for a true mean
 * that stays where it was seen.
 *
 * @param alpha the two-sided error the comparison was held to
 * @returns undefined where the data do not say: no spread, too few questions, or a mean that lies on the limit
 */
export function moreQuestions(evidence: Evidence, alpha: number): number | undefined {
  const { plan, values, claim, negated } = evidence;
  if (values.length === 0) return undefined;
  const mean = ((negated ? -1 : 1) * sum(values)) / values.length;
  const asSeen = Math.abs((plan.kind === "shift" ? -Math.abs(mean) : mean) - claim.limit);
  const planned = plan.kind === "non-inferiority" || plan.kind === "shift" ? [plan.limit] : [];
  return moreFor(evidence, [...planned, asSeen], alpha);
}

/** A mean that so many times the questions would not tell from the limit lies on it, for all that anybody will ask. */
const MOST = 1000;

/** The same for the first of these effects that takes more questions than there are. */
export function moreFor(
  { values, clusters, paired }: Pick<Evidence, "values" | "clusters" | "paired">,
  effects: readonly number[],
  alpha: number,
): number | undefined {
  // Where the means are over different questions, the spread of the pairs does not say how the difference varies.
  if (values.length < 2 || (paired?.unpaired ?? 0) > 0) return undefined;
  // A mean that rounding alone keeps from the limit: no number of questions tells it from there.
  const least = 1e-6 * values.reduce((most, d) => Math.max(most, Math.abs(d)), 0);
  for (const effect of effects) {
    if (!(effect > least)) continue;
    const needed = queriesNeeded({ differences: values, effect, alpha, ...(clusters && { clusters }) });
    if (needed.state === "unknown" || needed.queries <= values.length) continue;
    return needed.queries > MOST * values.length ? undefined : needed.queries - values.length;
  }
  return undefined;
}
