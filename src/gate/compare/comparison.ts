import type { Estimate } from "../../core/estimate.ts";
import type { VerdictWord } from "../../stats/index.ts";
import type { FieldDifference } from "../differing-fields.ts";
import type { RunName, Side } from "../verdict.ts";

/** One metric under one condition, in two runs. */
export interface ComparedMetric {
  /** Canonical name of a metric, or a judge's column such as `answer-0-3/correctness`. */
  readonly metric: string;
  /** A condition, or `retrieval` for a metric of rankings. */
  readonly condition: string;
  readonly better: "higher" | "lower";
  readonly range: readonly [low: number, high: number];
  /** The smallest difference that matters, from the suite's gate; 0 where it names none. */
  readonly minEffect: number;
  /** Of the candidate; read from the interval, and never `better` or `worse` where the test sees no difference. */
  readonly verdict: VerdictWord;
  /** One sentence without a full stop. */
  readonly reason: string;
  readonly baseline: Side;
  readonly candidate: Side;
  /** Mean of candidate - baseline with the interval the verdict was read from, widened for all that is compared. */
  readonly difference: Estimate;
  /**
   * Two-sided p-value of the paired randomization test of no difference; where some questions are unpaired, read off the interval
   * of the difference of means, and `draws` is 0.
   */
  readonly p: number;
  /** The same, adjusted by Holm over all that is compared. */
  readonly pHolm: number;
  readonly draws: number;
  /** Questions with a value in both runs, and in one only. */
  readonly n: number;
  readonly unpaired: number;
  /** Questions on which the candidate is better, equal (up to rounding), worse. */
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
  /** For `cannot tell`: about how many more questions would tell with a probability of 80 %, if the difference stays as it was seen. */
  readonly moreQuestions?: number;
}

/** A question on which two runs differ. */
export interface Flip {
  readonly query: string;
  /** Values of the metric; means over the trials. */
  readonly baseline: number;
  readonly candidate: number;
}

/** The questions that one metric under one condition tells apart. */
export interface FlipList {
  readonly metric: string;
  readonly condition: string;
  readonly range: readonly [low: number, high: number];
  /** How many became worse and better in the candidate. */
  readonly worse: number;
  readonly better: number;
  /** The largest loss first, the largest gain last; of more than were asked for, the first. */
  readonly flips: readonly Flip[];
}

/** Two runs of one suite, compared. `schema` is raised when a key of the JSON form changes its meaning. */
export interface Comparison {
  readonly schema: 1;
  readonly suite: string;
  readonly protocol: string;
  readonly baseline: RunName;
  readonly candidate: RunName;
  /** Bounds the chance of any wrong `better` or `worse` over all that is compared. */
  readonly alpha: number;
  /** How many differences Holm's adjustment is over: those of this pair and of all pairs compared with it. */
  readonly compared: number;
  readonly seed: number;
  /** Questions that both runs were asked. */
  readonly questions: number;
  /** Present where only shared questions are compared: how many each run was asked. */
  readonly asked?: { readonly baseline: number; readonly candidate: number };
  readonly metrics: readonly ComparedMetric[];
  /** In what the two systems' configurations differ. */
  readonly config: readonly FieldDifference[];
  readonly flips: readonly FlipList[];
  /** What a reader should know besides: what could not be compared, and why. */
  readonly notes: readonly string[];
}
