import type { Rng } from "../../core/rng.ts";
import type { Calibration, Figure } from "../../runlog/index.ts";
import {
  coefficientIntervals,
  type GradeColumn,
  kendallTau,
  quantileSorted,
  spearman,
  tallyGrades,
} from "../../stats/index.ts";
import { type CriterionGrades, type GradedItem, questionNumbers } from "../labels/graded-set.ts";
import { raterSlots } from "../labels/rater-slots.ts";
import { figureOf } from "./figures.ts";
import { systemOrder } from "./system-order.ts";

export interface RankAgreementOptions {
  /** Confidence level in (0, 1). Default .95. */
  readonly level?: number;
  /** Bootstrap resamples of the questions. @default that of `coefficientIntervals` */
  readonly resamples?: number;
  readonly rng: Rng;
}

interface RankFigures {
  readonly spearman: Figure;
  readonly kendall: Figure;
}

/** How far a judge on a scale of its own puts answers, and systems, in the order that people put them in. */
export interface RankAgreement {
  /** Of single answers: the judge's scores with the middle of people's labels. */
  readonly answers: RankFigures;
  /** The first label of each item with the second: what one person agrees with another. */
  readonly ceiling?: RankFigures;
  /** Of systems by their means, where two or more have answers. */
  readonly systems?: NonNullable<Calibration["systems"]>;
}

/**
 * Compares a judge with people where their scales differ, so that no score of one is a score of the other: by ranks alone. An item
 * with several labels counts with their median, which may lie between two grades. Intervals are clustered by question.
 * @param judge its scores, in the order of the items
 */
export function rankAgreement(
  items: readonly GradedItem[],
  people: CriterionGrades["people"],
  judge: readonly (number | undefined)[],
  { level = 0.95, resamples, rng }: RankAgreementOptions,
): RankAgreement {
  const questions = questionNumbers(items);
  const labels = middleLabels(people, items.length);
  const more = { level, ...(resamples !== undefined && { resamples }) };
  const figures = (label: string, a: GradeColumn, b: GradeColumn): RankFigures => {
    const both = items.flatMap((_, i) => (a[i] === undefined || b[i] === undefined ? [] : [i]));
    const tally = tallyGrades([both.map((i) => a[i]), both.map((i) => b[i])]);
    const [rho, tau] = coefficientIntervals(tally, [spearman, kendallTau], {
      ...more,
      clusters: both.map((i) => questions[i]!),
      rng: rng.fork(label),
    });
    return { spearman: figureOf(rho!), kendall: figureOf(tau!) };
  };
  const [first, second] = raterSlots(people);
  const systems = systemOrder(items, labels, judge, questions, { ...more, rng });
  return {
    answers: figures("answers", labels, judge),
    ...(second && { ceiling: figures("ceiling", first!, second) }),
    ...(systems && { systems }),
  };
}

function middleLabels(people: CriterionGrades["people"], count: number): (number | undefined)[] {
  const columns = [...people.values()];
  return Array.from({ length: count }, (_, i) => {
    const given = columns.flatMap((column) => column[i] ?? []).sort((a, b) => a - b);
    return given.length === 0 ? undefined : quantileSorted(Float64Array.from(given), 0.5);
  });
}
