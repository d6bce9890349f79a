import { BadArgument } from "../../core/errors.ts";
import { requireCount, requireFraction } from "../argument.ts";
import { normalQuantile } from "../normal.ts";
import { checkGradedSample, type GradedSample, momentsOf } from "./graded-sample.ts";
import { standardErrorAt, tunedLambda } from "./prediction-powered-mean.ts";

export interface LabelsNeededOptions {
  /** Whole width (high - low) the interval of the mean should have, > 0, in points of the scale. */
  readonly width: number;
  /** Confidence level in (0, 1). Default .95. */
  readonly level?: number;
  /** Answers there will be, labelled or not. Default: those of the pilot. */
  readonly answers?: number;
}

export type LabelsNeeded =
  | {
      readonly state: "known";
      /** Labels in total, those of the pilot included, with the judge's help; undefined where all answers' are too few. */
      readonly withJudge: number | undefined;
      /** The same from labels alone; may exceed the number of answers. */
      readonly labelsAlone: number;
      /** The narrowest width that labelling every answer would give. */
      readonly narrowest: number;
    }
  | { readonly state: "unknown"; readonly reason: string };

/**
 * How many labels would give the corrected mean an interval of a wanted width, if labels and grades go on varying as in a
 * pilot: the smallest n for which the prediction-powered interval at its best λ is that narrow, the other answers
 * unlabelled. With clusters variances are multiplied by the pilot's design effect. A pilot of 50 labels knows a standard
 * deviation to about a tenth, so the answer to about a fifth.
 *
 * @param pilot some answers labelled, all graded by the judge
 * @throws BadArgument when an option is outside its domain, or as `predictionPoweredMean`
 */
export function labelsNeeded(pilot: GradedSample, options: LabelsNeededOptions): LabelsNeeded {
  const { width, level = 0.95 } = options;
  const { labelled, unlabelled } = pilot;
  const n = labelled.people.length;
  const answers = options.answers ?? n + unlabelled.judge.length;
  requireFraction("level", level);
  requireCount("answers", answers, 1);
  if (!(width > 0)) throw new BadArgument(`width must be positive, got ${width}`);
  checkGradedSample(pilot);
  if (n < 2) return { state: "unknown", reason: "fewer than two labels" };
  const factor = n / (n - 1);
  const moments = momentsOf(pilot);
  const people = factor * moments.peopleVariance;
  if (!(people > 0)) return { state: "unknown", reason: "all labels are equal: they show no spread" };
  const shared = factor * moments.covariance;
  const judge = factor * moments.judgeVariance;
  const effect = labelled.clusters === undefined ? () => 1 : (lambda: number) => designEffect(pilot, lambda);
  const wanted = (width / 2 / normalQuantile((1 + level) / 2)) ** 2;
  const alone = people * effect(0);
  const helped = effect(tunedLambda(moments));
  /** Variance of the corrected mean with m labels: at m = answers, the labels alone. */
  const varianceAt = (m: number): number => {
    const rest = answers - m;
    if (rest === 0 || judge === 0) return alone / m;
    const lambda = Math.min(1, Math.max(0, shared / judge / (1 + m / rest)));
    return helped * ((lambda * lambda * judge) / rest + (people - 2 * lambda * shared + lambda * lambda * judge) / m);
  };
  let withJudge: number | undefined;
  for (let m = 2; m <= answers && withJudge === undefined; m++) if (varianceAt(m) <= wanted) withJudge = m;
  const labelsAlone = Math.max(2, Math.ceil(alone / wanted));
  const narrowest = 2 * normalQuantile((1 + level) / 2) * Math.sqrt(alone / answers);
  return { state: "known", withJudge, labelsAlone, narrowest };
}

/** By how much clustering multiplies the variance of the corrected mean, at least 1. */
function designEffect(pilot: GradedSample, lambda: number): number {
  const { labelled, unlabelled } = pilot;
  const independent = standardErrorAt(
    { labelled: { ...labelled, clusters: undefined }, unlabelled: { ...unlabelled, clusters: undefined } },
    lambda,
  );
  return Math.max(1, (standardErrorAt(pilot, lambda) / independent) ** 2);
}
