import { EXIT } from "../core/errors.ts";
import type { Estimate } from "../core/estimate.ts";
import type { CalibrationNote } from "../runlog/index.ts";

export type GateWord = "pass" | "fail" | "cannot tell";

/**
 * What is asked of one metric under one condition:
 * - `non-inferiority`: the candidate is not worse than the baseline by more than the minimum effect;
 * - `superiority`: it is better by at least the minimum effect;
 * - `at_least`, `at_most`: its mean reaches, or does not pass, an absolute limit; the baseline plays no part;
 * - `shift`: the mean moved by at most the limit, up or down;
 * - `ratio`: the candidate's is at most the limit times the baseline's.
 */
export type CheckKind = "non-inferiority" | "superiority" | "at_least" | "at_most" | "shift" | "ratio";

/** What a check is of: a metric (or a judge's column), or one of the suite's `gate_limits`. */
export type CheckedThing = "metric" | "refusals" | "latency" | "cost";

/** How far the judge behind a gated column was measured against people; only `calibrated` and people themselves can pass. */
export interface CheckedJudge {
  readonly id: string;
  readonly state: "calibrated" | "below its thresholds" | "stale" | "uncalibrated" | "people";
  /** Whether it gave the values of the metric, or says only which answers are refusals. */
  readonly part: "grades" | "refusals";
  /** What was found when it was compared with people. */
  readonly calibration: CalibrationNote;
}

/** One run's side of a check. */
export interface Side {
  /** Mean over the questions of the check; undefined when there are none. */
  readonly mean: number | undefined;
  /** Questions with a value in this run, failed ones (scored the floor) included. */
  readonly n: number;
  readonly failed: number;
  readonly unscored: number;
}

/** How two runs compare question by question. */
export interface Paired {
  /** Questions with a value in both runs: what the difference is computed on, unless some are unpaired. */
  readonly n: number;
  /** Questions with a value in one run only. Where there are any, the difference is that of the two means, each over its own questions. */
  readonly unpaired: number;
  /** Questions on which the candidate is better, equal (up to rounding), worse. */
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
  /**
   * Two-sided paired randomization test of "no difference at all", and its p by Holm over the paired checks. With unpaired
   * questions there is nothing to randomize: draws is 0, and p is read off the interval of the difference.
   */
  readonly randomization: { readonly p: number; readonly adjusted: number; readonly draws: number };
}

export interface GateCheck {
  readonly of: CheckedThing;
  /** Canonical metric name, the name of a judge's column, or what is limited, with its unit. */
  readonly metric: string;
  /** A condition, or `retrieval` for a metric of rankings. */
  readonly condition: string;
  readonly kind: CheckKind;
  /** The minimum effect (>= 0) of a paired check, or the absolute limit; in the unit of the metric. */
  readonly limit: number;
  /** The mean itself was held against the limit, not the bound of its interval. */
  readonly point?: true;
  readonly better: "higher" | "lower";
  /** Of the metric; an upper end of Infinity (null in JSON) where nothing bounds it. */
  readonly range: readonly [low: number, high: number];
  readonly verdict: GateWord;
  /** One sentence without a full stop. */
  readonly reason: string;
  /**
   * Candidate - baseline, or the candidate's mean under an absolute limit, in the unit of the metric; of a ratio, the ratio.
   * Its interval is the one the verdict was read from; its tails need not be equal.
   */
  readonly estimate: Estimate;
  /**
   * Two-sided p-value against the limit, adjusted for all checks: the smallest alpha at which the gate decides. Absent where
   * no question differs, and for a point: those are not a matter of chance.
   */
  readonly p?: number;
  readonly baseline?: Side;
  readonly candidate: Side;
  readonly paired?: Paired;
  /** For `cannot tell`: about how many more questions would tell; absent where the data do not say. */
  readonly moreQuestions?: number;
  readonly judge?: CheckedJudge;
}

/** The candidate's questions that a gated metric speaks of and has no value for, against what the suite allows. */
export interface UnscoredCheck {
  readonly verdict: "pass" | "fail";
  readonly metric: string;
  readonly condition: string;
  readonly unscored: number;
  readonly asked: number;
  /** The largest share allowed, 0 to 1. */
  readonly limit: number;
}

/** The candidate's questions of which any result failed, against what the suite allows. */
export interface FailureCheck {
  readonly verdict: "pass" | "fail";
  readonly failed: number;
  readonly asked: number;
  /** The suite's `max_failures`: the largest share allowed, 0 to 1. */
  readonly limit: number;
}

export interface RunName {
  readonly run: string;
  readonly system: string;
  readonly title?: string;
}

/** What a gate found. `schema` is raised when a key of the JSON form changes its meaning. */
export interface GateVerdict {
  readonly schema: 1;
  /** `fail` when any check fails, else `cannot tell` when any cannot tell, else `pass`. */
  readonly verdict: GateWord;
  readonly suite: string;
  readonly protocol: string;
  readonly baseline: RunName;
  readonly candidate: RunName;
  /** Error rate of the whole gate. */
  readonly alpha: number;
  readonly seed: number;
  readonly questions: number;
  readonly checks: readonly GateCheck[];
  readonly failures: FailureCheck;
  /** One per gated metric and condition, where the suite limits them. */
  readonly unscored: readonly UnscoredCheck[];
  /** What a reader should know besides: differing limits, questions left out. */
  readonly notes: readonly string[];
}

/** The exit code of `bench gate`; `strict` turns "cannot tell" from 0 into 5. */
export function gateExitCode({ verdict }: GateVerdict, { strict }: { readonly strict: boolean }): number {
  if (verdict === "fail") return EXIT.gateFailed;
  return verdict === "cannot tell" && strict ? EXIT.cannotTell : EXIT.ok;
}
