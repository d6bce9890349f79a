import type { Estimate } from "../../core/estimate.ts";
import type { Rng } from "../../core/rng.ts";
import type { CorrectedMean, Figure } from "../../runlog/index.ts";
import { normalQuantile, predictionPoweredMean, roganGladen, sum } from "../../stats/index.ts";
import type { JudgedAnswers } from "./judged-answers.ts";

export interface CorrectOptions {
  /** Confidence level in (0, 1). */
  readonly level: number;
  /** Bootstrap resamples of Rogan and Gladen's interval. @default that of `roganGladen` */
  readonly resamples?: number;
  readonly rng: Rng;
}

/**
 * What people would have given on average, from the answers they labelled and the judge's grades of all: the prediction-powered
 * mean with tuned λ, on any scale, and Rogan and Gladen's estimate beside it on a scale of 0 and 1. Intervals are clustered by
 * question. It is free of the judge's bias if the labelled answers are a random part of the graded ones.
 *
 * Answers that the system failed on hold the floor for people and judge alike. They are mixed in by their share; what that share may
 * vary by is added to the interval, as of independent answers.
 */
export function correctMean(
  { column, condition, sample, failed }: JudgedAnswers,
  { level, resamples, rng }: CorrectOptions,
): CorrectedMean {
  const { labelled, unlabelled } = sample;
  const { range, values } = column;
  const answers = labelled.judge.length + unlabelled.judge.length;
  const found = predictionPoweredMean(sample, { level, range });
  const mix: Mix = { failed, answers, range, level };
  const grades = [...Array.from(labelled.judge), ...Array.from(unlabelled.judge)];
  const binary =
    values?.length === 2 && values[0] === 0 && values[1] === 1 && grades.every((grade) => grade === 0 || grade === 1);
  const simple = binary
    ? roganGladen(sample, { level, ...(resamples !== undefined && { resamples }), rng }).corrected
    : undefined;
  return {
    column: column.name,
    condition,
    answers,
    labels: labelled.people.length,
    failed,
    judge: (sum(grades) + failed * range[0]) / Math.max(1, answers + failed),
    corrected: figureOf(withFailures(found.corrected, mix)),
    labelsAlone: figureOf(withFailures(found.labelsAlone, mix)),
    lambda: found.lambda,
    width: found.width,
    ...(found.effectiveLabels !== undefined && { effectiveLabels: found.effectiveLabels }),
    ...(simple && { roganGladen: figureOf(withFailures(simple, mix)) }),
  };
}

interface Mix {
  readonly failed: number;
  readonly answers: number;
  readonly range: readonly [number, number];
  readonly level: number;
}

/** The mean over answers and failures: both errors are independent, so that their squares add. */
function withFailures(estimate: Estimate, { failed, answers, range, level }: Mix): Estimate {
  if (failed === 0 || estimate.state === "not-estimable") return estimate;
  const [floor, ceiling] = range;
  const share = answers / (answers + failed);
  const { mean, low, high } = estimate;
  const z = normalQuantile((1 + level) / 2);
  const drift = z * (mean - floor) * Math.sqrt((share * (1 - share)) / (answers + failed));
  const all = share * mean + (1 - share) * floor;
  return {
    ...estimate,
    mean: all,
    low: Math.max(floor, all - Math.hypot(share * (mean - low), drift)),
    high: Math.min(ceiling, all + Math.hypot(share * (high - mean), drift)),
  };
}

function figureOf(estimate: Estimate): Figure {
  const { n } = estimate;
  if (estimate.state === "not-estimable") return { reason: estimate.reason, n };
  const { mean, low, high, method } = estimate;
  return { value: mean, n, low, high, method };
}
