import type { RankingFigure } from "../../config/ranking-figures.ts";
import type { Rng } from "../../core/rng.ts";
import type { Figure } from "../../runlog/index.ts";
import { compareJudges } from "../../stats/index.ts";
import { type CriterionGrades, type GradedItem, questionNumbers } from "../labels/graded-set.ts";
import { medianLabels } from "../labels/median-labels.ts";
import { figureOf, rankingStatistic } from "./figures.ts";

export interface RankJudgesOptions {
  /** What they are ranked by. */
  readonly by: RankingFigure;
  /** Confidence level in (0, 1); 1 - level is also the error rate of the verdicts, over all judges together. Default .95. */
  readonly level?: number;
  /** Bootstrap resamples of the questions. @default that of `compareJudges` */
  readonly resamples?: number;
  /**
   * What is drawn: `question` with all its items, for what holds on other questions; `item`, for what holds on these questions
   * alone. @default "question"
   */
  readonly unit?: "question" | "item";
  readonly rng: Rng;
}

/** A judge in the matrix. */
export interface RankedJudge {
  readonly judge: string;
  /** Agreement with people. */
  readonly figure: Figure;
  /** The best judge's figure minus this one's, from the same resamples. */
  readonly behind?: Figure;
  /** p-value of that difference with Holm over all judges, in (0, 1]. */
  readonly p?: number;
  /** `cannot-tell`: as far as these labels go it may be as good as the best. */
  readonly verdict: "best" | "behind" | "cannot-tell";
  /** From 1: judges that are not told apart from the best; 2: of the others, those not told apart from their best; and so on. */
  readonly group: number;
  /** Labelled items that the judge gave no grade. */
  readonly ungraded: number;
}

/**
 * The judge matrix: judges of one set of items by their agreement with people, best first, and which of them the labels cannot tell
 * from the best. Intervals are clustered by question, differences paired, p-values adjusted by Holm. An item with several labels
 * counts with their median.
 */
export function rankJudges(
  items: readonly GradedItem[],
  { scale, people, judges }: CriterionGrades,
  { by, level = 0.95, resamples, unit = "question", rng }: RankJudgesOptions,
): RankedJudge[] {
  const all = medianLabels(people, items.length);
  const labelled = items.flatMap((_, i) => (all[i] === undefined ? [] : [i]));
  const column = (grades: readonly (number | undefined)[]) => labelled.map((i) => grades[i]);
  const questions = questionNumbers(items);
  const { of, range } = rankingStatistic(by);
  const columns = new Map(Array.from(judges, ([name, grades]) => [name, column(grades)]));
  const compare = (names: readonly string[]) =>
    compareJudges(column(all), new Map(names.map((name) => [name, columns.get(name)!])), {
      scale,
      agreement: of,
      range,
      level,
      alpha: 1 - level,
      ...(resamples !== undefined && { resamples }),
      ...(unit === "question" && { clusters: labelled.map((i) => questions[i]!) }),
      rng,
    });
  const ranked = compare([...columns.keys()]);
  const groups = new Map<string, number>();
  let left = ranked;
  for (let group = 1; left.length > 0; group += 1) {
    for (const { judge, verdict } of left) if (verdict !== "behind") groups.set(judge, group);
    const behind = left.flatMap(({ judge, verdict }) => (verdict === "behind" ? [judge] : []));
    left = behind.length > 0 ? compare(behind) : [];
  }
  return ranked.map(({ judge, behind, p, verdict, coefficient, interval }) => ({
    judge,
    figure: figureOf({ coefficient, interval }),
    ...(behind && { behind: figureOf(behind) }),
    ...(p !== undefined && { p }),
    verdict,
    group: groups.get(judge)!,
    ungraded: columns.get(judge)!.filter((grade) => grade === undefined).length,
  }));
}
