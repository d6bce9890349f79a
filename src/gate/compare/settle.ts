import { betterOrWorse, sum, type VerdictWord } from "../../stats/index.ts";
import type { Decision } from "../decide.ts";
import { decidedEstimate } from "../decided-estimate.ts";
import type { Evidence } from "../evidence.ts";
import { moreFor } from "../more-questions.ts";
import type { ComparedMetric } from "./comparison.ts";

/** The word that the interval of a decision allows, before the test is heard. */
export function readVerdict({ plan }: Evidence, { interval }: Decision): VerdictWord {
  return interval ? betterOrWorse(interval, { minEffect: plan.limit, better: "higher" }) : "cannot tell";
}

/** A difference with its verdict: the interval's word, but never `better` or `worse` where the test does not reject at alpha. */
export function settle(evidence: Evidence, decision: Decision, pHolm: number, alpha: number): ComparedMetric {
  const { plan, paired, baseline, candidate, values } = evidence;
  const { randomization, ...counts } = paired!;
  const identical = counts.unpaired === 0 && counts.n > 0 && counts.ties === counts.n;
  const read = readVerdict(evidence, decision);
  const unsure = (read === "better" || read === "worse") && pHolm > alpha;
  const verdict = unsure ? "cannot tell" : read;
  const difference = decidedEstimate(evidence, decision);
  const mean = values.length === 0 ? 0 : sum(values) / values.length;
  const more =
    verdict === "cannot tell" && !unsure
      ? moreFor(evidence, [Math.abs(Math.abs(mean) - plan.limit)], 1 - decision.level)
      : undefined;
  const reason = identical
    ? `the same on all ${counts.n} questions`
    : difference.state === "not-estimable"
      ? difference.reason
      : unsure
        ? "the interval shows a difference, the randomization test does not"
        : REASONS[verdict](plan.limit);
  return {
    metric: plan.metric,
    condition: plan.condition,
    better: plan.definition.better,
    range: plan.definition.range,
    minEffect: plan.limit,
    verdict,
    reason,
    baseline: baseline!,
    candidate,
    difference,
    p: randomization.p,
    pHolm,
    draws: randomization.draws,
    ...counts,
    ...(more !== undefined && { moreQuestions: more }),
  };
}

const REASONS: Readonly<Record<VerdictWord, (minEffect: number) => string>> = {
  better: (e) => (e === 0 ? "better" : `better by more than ${e}`),
  worse: (e) => (e === 0 ? "worse" : `worse by more than ${e}`),
  equivalent: (e) => `the same within ${e}`,
  "cannot tell": (e) =>
    e === 0 ? "no difference is shown" : `a difference of more than ${e} is neither shown nor ruled out`,
};
