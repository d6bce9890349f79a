import type { Rubric } from "../../config/rubric.ts";
import { DataError } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import type { Figure } from "../../runlog/index.ts";
import { tallyGrades } from "../../stats/index.ts";
import { agreementFigures } from "../calibrate/figures.ts";
import { type GradedSet, questionNumbers } from "../labels/graded-set.ts";
import { medianLabels } from "../labels/median-labels.ts";
import { chooseFeature } from "./choose-feature.ts";
import type { FittedCriterion } from "./lexical-fit.ts";
import { OVERLAP_FEATURES } from "./overlap-features.ts";

/** What a fit is judged by, in the order of tables. */
const FIGURES = ["exact", "within_one", "kappa", "quadratic_kappa", "alpha", "spearman", "mae", "bias"] as const;
/** Ten parts of at least two questions each. */
const LEAST_QUESTIONS = 20;

export interface FitLexicalOptions {
  /** Confidence level of the intervals, in (0, 1). */
  readonly level: number;
  /** Bootstrap resamples. @default that of `coefficientIntervals` */
  readonly resamples?: number;
  readonly rng: Rng;
  /** Where the labels stand, for messages. */
  readonly where: string;
}

/**
 * Fits a lexical judge to labels, criterion by criterion: the measure of overlap and its cut points. An item with several labels
 * counts with their median, as in a calibration.
 * @param measures for each item's id its values of `OVERLAP_FEATURES`; items without references or that declined are not there
 * @throws DataError (E_LEXICAL_LABELS) when a criterion has labels on answers to fewer than 20 questions
 */
export function fitLexical(
  { items, criteria }: GradedSet,
  measures: ReadonlyMap<string, ArrayLike<number>>,
  rubric: Pick<Rubric, "criteria">,
  { level, resamples, rng, where }: FitLexicalOptions,
): FittedCriterion[] {
  const numbers = questionNumbers(items);
  return rubric.criteria.map(({ id, steps }): FittedCriterion => {
    const labels = medianLabels(criteria.get(id)?.people ?? new Map(), items.length);
    const used = items.flatMap((item, i) => (labels[i] !== undefined && measures.has(item.id) ? [i] : []));
    const questions = Uint32Array.from(used, (i) => numbers[i]!);
    const distinct = new Set(questions).size;
    if (distinct < LEAST_QUESTIONS) throw tooFew(id, distinct, where);
    const table = {
      features: OVERLAP_FEATURES.map((_, at) => Float64Array.from(used, (i) => measures.get(items[i]!.id)![at]!)),
      labels: Float64Array.from(used, (i) => labels[i]!),
      questions,
      scale: steps.map(({ value }) => value),
    };
    const { feature, points, heldOut } = chooseFeature(table, rng.fork(`folds/${id}`));
    const tally = tallyGrades([table.labels, heldOut], table.scale);
    const figures: ReadonlyMap<string, Figure> = agreementFigures(tally, FIGURES, {
      level,
      ...(resamples !== undefined && { resamples }),
      clusters: questions,
      rng: rng.fork(`agreement/${id}`),
    });
    return {
      id,
      feature: OVERLAP_FEATURES[feature]!,
      base: points.base,
      cuts: [...points.cuts],
      n: used.length,
      questions: distinct,
      crossValidated: Object.fromEntries(figures),
    };
  });
}

function tooFew(criterion: string, got: number, where: string): DataError {
  const expected = `labels of ${criterion} on answers to at least ${LEAST_QUESTIONS} questions that have references`;
  const fix = "label more answers, of as many questions as you can";
  return new DataError([{ code: "E_LEXICAL_LABELS", where, expected, got: `${got} questions`, fix }]);
}
