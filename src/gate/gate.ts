import { DataError } from "../core/errors.ts";
import type { Estimate } from "../core/estimate.ts";
import type { Calibrations, Scores } from "../runlog/index.ts";
import { holm } from "../stats/index.ts";
import { checkedJudge, heldBack } from "./checked-judge.ts";
import { incomparable } from "./comparable.ts";
import { type Decision, decide } from "./decide.ts";
import { decidedEstimate } from "./decided-estimate.ts";
import { type Evidence, evidenceOf } from "./evidence.ts";
import { checkFailures } from "./failures.ts";
import { type GateLimits, limitsDiffer } from "./limits.ts";
import { moreQuestions } from "./more-questions.ts";
import { judgeNotes, ownModelNotes, trialsNote, undecidedNotes, unpairedNotes } from "./notes.ts";
import { planBounds, withRefusals } from "./plan-bounds.ts";
import { noLimits, planChecks } from "./plan-checks.ts";
import { reasonOf } from "./reason.ts";
import { nameOf } from "./run-name.ts";
import { sharedOf } from "./shared-questions.ts";
import { checkUnscored } from "./unscored.ts";
import type { CheckedJudge, GateCheck, GateVerdict, GateWord } from "./verdict.ts";

export interface GateOptions {
  /** Of the randomization test. */
  readonly seed: number;
  /** Random sign assignments of that test, >= 999. Default 99,999. */
  readonly draws?: number;
  /** Compare runs over different questions on those that both were asked. */
  readonly shared?: boolean;
  /** What was found when judges were compared with people; a judge that is not in it is uncalibrated. */
  readonly calibrations?: Calibrations;
  /** Sentences to show with the verdict. */
  readonly notes?: readonly string[];
}

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
 * Refusals, latency and cost are checked likewise where the suite limits them. A limit with `point` is held against the mean
 * alone and is in no family. A judge that is not calibrated, or below its thresholds, lets its column not pass, nor a figure that
 * depends on which answers it takes for refusals.
 *
 * The gate fails when a check fails, the candidate failed on more than `maxFailures` of its questions or more of them than
 * allowed are without a value; it passes when all checks pass; else it cannot tell. As far as its intervals hold their level,
 * it decides wrongly with a probability of at most alpha / 2: a candidate within all limits can only fail wrongly, one beyond
 * a limit only pass wrongly. How often that is, on real scores: docs/decisions/gate-false-alarms.md.
 *
 * @param limits usually `limitsOf(candidate.manifest)`
 * @throws DataError (exit code 3) with every reason why the runs cannot be compared or a check cannot be made
 */
export function gate(baseline: Scores, candidate: Scores, limits: GateLimits, options: GateOptions): GateVerdict {
  const { seed, draws, shared = false, calibrations = new Map(), notes = [] } = options;
  const { bounds = {}, metrics } = limits;
  const { checks: gated, problems } = planChecks(metrics, baseline, candidate);
  const bounded = planBounds(bounds, baseline, candidate);
  const empty = metrics.size === 0 && Object.keys(bounds).length === 0 ? [noLimits(candidate)] : [];
  const all = [...incomparable(baseline, candidate, { shared }), ...empty, ...problems, ...bounded.problems];
  if (all.length > 0) throw new DataError(all);

  const both = shared ? sharedOf(baseline, candidate) : { baseline, candidate, notes: [] };
  const [a, b] =
    bounds.refusal_shift === undefined
      ? [both.baseline, both.candidate]
      : [withRefusals(both.baseline), withRefusals(both.candidate)];
  const evidence = [...gated, ...bounded.checks].map((plan) =>
    evidenceOf(plan, a, b, { seed, ...(draws !== undefined && { draws }) }),
  );
  const tested = evidence.filter(({ plan }) => !plan.point);
  const claims = tested.map((e) => e.claim);
  const decisions = new Map(decide(claims, limits.alpha).map((decision, i) => [tested[i]!, decision]));
  const paired = evidence.filter((e) => e.paired !== undefined);
  const adjusted = holm(paired.map((e) => e.paired!.randomization.p));
  const noDifference = new Map(paired.map((e, i) => [e, adjusted[i]!]));
  const checks = evidence.map((e) => {
    const decision = decisions.get(e) ?? decidePoint(e, limits.alpha);
    return judged(
      settle(e, decision, noDifference.get(e)),
      checkedJudge(e.plan.metric, { baseline, candidate }, calibrations),
    );
  });
  const failures = checkFailures(both.candidate, limits.maxFailures);
  const unscored = bounds.unscored === undefined ? [] : checkUnscored(gated, both.candidate, bounds.unscored);
  return {
    schema: 1,
    verdict: worst([
      failures.verdict,
      ...unscored.map(({ verdict }) => verdict),
      ...checks.map((check) => check.verdict),
    ]),
    suite: candidate.manifest.suite.id,
    protocol: candidate.manifest.protocol,
    baseline: nameOf(baseline.manifest),
    candidate: nameOf(candidate.manifest),
    alpha: limits.alpha,
    seed,
    questions: both.candidate.queries.length,
    checks,
    failures,
    unscored,
    notes: [...notes, ...both.notes, ...notesOf(baseline, candidate, checks)],
  };
}

/** A limit held against the mean alone; the interval is the usual one and decides nothing. */
function decidePoint({ claim, estimate, negated }: Evidence, alpha: number): Decision {
  const usual = estimate(1 - alpha);
  const mean = usual.state === "estimated" ? usual.mean * (negated ? -1 : 1) : undefined;
  const verdict = mean === undefined ? "cannot tell" : mean >= claim.limit ? "pass" : "fail";
  return { verdict, p: 1, interval: claim.interval?.(1 - alpha), level: 1 - alpha, alpha };
}

function judged(check: GateCheck, judge: CheckedJudge | undefined): GateCheck {
  if (judge === undefined) return check;
  const { moreQuestions: _, ...rest } = check;
  const reason = heldBack(judge, check.verdict);
  return reason === undefined ? { ...check, judge } : { ...rest, judge, verdict: "cannot tell", reason };
}

function settle(evidence: Evidence, decision: Decision, noDifference: number | undefined): GateCheck {
  const { plan, baseline, candidate, paired } = evidence;
  const estimate = estimateOf(evidence, decision);
  const identical = paired !== undefined && paired.unpaired === 0 && paired.n > 0 && paired.ties === paired.n;
  const verdict = identical ? (plan.kind === "superiority" ? "fail" : "pass") : decision.verdict;
  const more = verdict === "cannot tell" && !plan.point ? moreQuestions(evidence, decision.alpha) : undefined;
  const reason = estimate.state === "not-estimable" && !identical ? estimate.reason : reasonOf(plan, verdict);
  return {
    of: plan.of ?? "metric",
    metric: plan.metric,
    condition: plan.condition,
    kind: plan.kind,
    limit: plan.limit,
    ...(plan.point && { point: true }),
    better: plan.definition.better,
    range: plan.definition.range,
    verdict,
    reason: identical ? `the same on all ${paired.n} questions` : reason,
    estimate,
    ...(!identical && !plan.point && { p: decision.p }),
    ...(baseline && { baseline }),
    candidate,
    ...(paired && {
      paired: { ...paired, randomization: { ...paired.randomization, adjusted: noDifference! } },
    }),
    ...(more !== undefined && { moreQuestions: more }),
  };
}

/** The estimate with the interval the verdict was read from. */
function estimateOf(evidence: Evidence, decision: Decision): Estimate {
  const { plan, estimate } = evidence;
  const { level, alpha, verdict } = decision;
  // A shift is judged by its size: what is shown is the interval behind it, of the family that decided.
  if (plan.kind === "shift") return estimate(verdict === "fail" ? 2 * level + alpha - 1 : 1 - alpha);
  return decidedEstimate(evidence, decision);
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
  notes.push(...judgeNotes(checks), ...ownModelNotes(baseline, candidate, checks));
  notes.push(...undecidedNotes({ baseline, candidate }, checks));
  return [...notes, ...trialsNote(baseline.manifest, candidate.manifest), ...unpairedNotes(unpaired)];
}
