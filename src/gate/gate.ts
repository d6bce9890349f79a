import { DataError } from "../core/errors.ts";
import type { Estimate } from "../core/estimate.ts";
import type { Scores } from "../runlog/index.ts";
import { holm } from "../stats/index.ts";
import { incomparable } from "./comparable.ts";
import { type Decision, decide } from "./decide.ts";
import { type Evidence, evidenceOf } from "./evidence.ts";
import { checkFailures } from "./failures.ts";
import { type GateLimits, limitsDiffer } from "./limits.ts";
import { moreQuestions } from "./more-questions.ts";
import { trialsNote, unpairedNotes } from "./notes.ts";
import { planChecks } from "./plan-checks.ts";
import { reasonOf } from "./reason.ts";
import { nameOf } from "./run-name.ts";
import type { GateCheck, GateVerdict, GateWord } from "./verdict.ts";

/**
 * Compares a candidate with a baseline on the gated metrics and decides.
 *
 * Every check asks whether a mean reaches a limit: the difference (paired, gains counted upwards) reaches -min_effect under
 * non-inferiority and +min_effect under superiority; the candidate's mean reaches `at_least`, or its negative that of
 * `at_most`. It passes when the whole interval lies at or above the limit, fails when the whole interval lies below, and
 * cannot tell otherwise. All checks are decided together, see `decide`. Where no question differs there is nothing to
 * test: non-inferiority passes, superiority fails. (A small set can miss a loss altogether: one of .03 that stems from 3% of
 * the questions touches none of 50 with a probability of 22%, none of 200 with 0.2%.)
 *
 * The gate fails when a check fails or the candidate failed on more than `maxFailures` of its questions; it passes when
 * all checks pass; else it cannot tell. As far as its intervals hold their level, it decides wrongly with a probability of at most alpha / 2: a
 * candidate within all limits can only fail wrongly, one beyond a limit only pass wrongly.
 *
 * @param limits usually `limitsOf(candidate.manifest)`
 * @param seed of the randomization test
 * @throws DataError (exit code 3) with every reason why the runs cannot be compared or a check cannot be made
 */
export function gate(
  baseline: Scores,
  candidate: Scores,
  limits: GateLimits,
  { seed }: { readonly seed: number },
): GateVerdict {
  const { checks: planned, problems } = planChecks(limits.metrics, baseline, candidate);
  const all = [...incomparable(baseline, candidate), ...problems];
  if (all.length > 0) throw new DataError(all);

  const evidence = planned.map((plan) => evidenceOf(plan, baseline, candidate, { seed }));
  const decisions = decide(
    evidence.map((e) => e.claim),
    limits.alpha,
  );
  const paired = evidence.filter((e) => e.paired !== undefined);
  const adjusted = holm(paired.map((e) => e.paired!.randomization.p));
  const noDifference = new Map(paired.map((e, i) => [e, adjusted[i]!]));
  const checks = evidence.map((e, i) => settle(e, decisions[i]!, noDifference.get(e)));
  const failures = checkFailures(candidate, limits.maxFailures);
  return {
    schema: 1,
    verdict: worst([failures.verdict, ...checks.map((check) => check.verdict)]),
    suite: candidate.manifest.suite.id,
    protocol: candidate.manifest.protocol,
    baseline: nameOf(baseline.manifest),
    candidate: nameOf(candidate.manifest),
    alpha: limits.alpha,
    seed,
    questions: candidate.queries.length,
    checks,
    failures,
    notes: notesOf(baseline, candidate, checks),
  };
}

function settle(evidence: Evidence, decision: Decision, noDifference: number | undefined): GateCheck {
  const { plan, baseline, candidate, paired } = evidence;
  const estimate = estimateOf(evidence, decision);
  const identical = paired !== undefined && paired.unpaired === 0 && paired.n > 0 && paired.ties === paired.n;
  const verdict = identical ? (plan.kind === "superiority" ? "fail" : "pass") : decision.verdict;
  const more = verdict === "cannot tell" ? moreQuestions(evidence, decision.alpha) : undefined;
  const reason = estimate.state === "not-estimable" && !identical ? estimate.reason : reasonOf(plan, verdict);
  return {
    metric: plan.metric,
    condition: plan.condition,
    kind: plan.kind,
    limit: plan.limit,
    better: plan.definition.better,
    range: plan.definition.range,
    verdict,
    reason: identical ? `the same on all ${paired.n} questions` : reason,
    estimate,
    ...(!identical && { p: decision.p }),
    ...(baseline && { baseline }),
    candidate,
    ...(paired && {
      paired: { ...paired, randomization: { ...paired.randomization, adjusted: noDifference! } },
    }),
    ...(more !== undefined && { moreQuestions: more }),
  };
}

/** The estimate with the interval the verdict was read from. */
function estimateOf({ estimate, negated }: Evidence, { interval, level }: Decision): Estimate {
  const usual = estimate(level);
  if (usual.state === "not-estimable" || interval === undefined) return usual;
  const { low, high } = interval;
  return { ...usual, level, ...(negated ? { low: -high, high: -low } : { low, high }) };
}

function worst(verdicts: readonly GateWord[]): GateWord {
  if (verdicts.includes("fail")) return "fail";
  return verdicts.includes("cannot tell") ? "cannot tell" : "pass";
}

function notesOf(baseline: Scores, candidate: Scores, checks: readonly GateCheck[]): string[] {
  const notes: string[] = [];
  if (limitsDiffer(baseline.manifest, candidate.manifest)) {
    notes.push("the suite's gate has changed since the baseline was run");
  }
  if (baseline.manifest.system.id !== candidate.manifest.system.id) {
    notes.push("the runs are of two systems, not of two versions of one");
  }
  const unpaired = checks.flatMap(({ metric, condition, paired }) =>
    paired ? [{ metric, condition, ...paired }] : [],
  );
  return [...notes, ...trialsNote(baseline.manifest, candidate.manifest), ...unpairedNotes(unpaired)];
}
