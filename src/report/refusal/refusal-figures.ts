import type { Estimate } from "../../core/estimate.ts";
import type { Rng } from "../../core/rng.ts";
import { estimateMean } from "../../stats/index.ts";
import type { DecidedAnswer } from "./answers-of-run.ts";

/** The figures of answering and declining, each with its interval and its own n, under the names of their metrics. */
export const REFUSAL_FIGURES = [
  "Coverage",
  "AnswerPrecision",
  "RefusalPrecision",
  "RefusalRecall",
  "OverRefusal",
  "FalseAnswer",
] as const;
export type RefusalFigure = (typeof REFUSAL_FIGURES)[number];

/** What one answer counts for; undefined where the figure does not speak of it. As the metrics of these names count it. */
const COUNTS: Readonly<Record<RefusalFigure, (answer: DecidedAnswer, declined: boolean) => boolean | undefined>> = {
  Coverage: ({ state }, declined) => state !== "failed" && !declined,
  AnswerPrecision: (answer, declined) => (declined ? undefined : answer.right),
  RefusalPrecision: ({ answerable }, declined) => (declined ? !answerable : undefined),
  RefusalRecall: ({ answerable }, declined) => (answerable ? undefined : declined),
  OverRefusal: ({ answerable, state }, declined) => (answerable ? declined || state === "failed" : undefined),
  FalseAnswer: ({ answerable }, declined) => (answerable ? undefined : !declined),
};

/**
 * All refusal figures when answers below a threshold are declined as well.
 * @param threshold on the system's own scale; -Infinity leaves the run as it was
 * @param clusters the cluster of each question; questions with several trials are clusters of their own where absent
 */
export function refusalFigures(
  answers: readonly DecidedAnswer[],
  threshold: number,
  options: { readonly level: number; readonly rng: Rng; readonly clusters?: ArrayLike<number> },
): ReadonlyMap<RefusalFigure, Estimate> {
  const { level, rng, clusters } = options;
  const repeated = new Set(answers.map(({ at }) => at)).size < answers.length;
  return new Map(
    REFUSAL_FIGURES.map((figure) => {
      const counted = answers.flatMap((answer) => {
        const { state, confidence } = answer;
        const declined = state === "refused" || (state === "answered" && (confidence ?? threshold) < threshold);
        const counts = COUNTS[figure](answer, declined);
        return counts === undefined ? [] : [{ at: answer.at, value: Number(counts), failed: state === "failed" }];
      });
      const estimate = estimateMean(
        {
          values: counted.map(({ value }) => value),
          failed: counted.filter(({ failed }) => failed).length,
          unscored: 0,
          ...((clusters || repeated) && { clusters: counted.map(({ at }) => (clusters ? clusters[at]! : at)) }),
        },
        { level, proportion: true, rng: rng.fork(figure) },
      );
      return [figure, estimate] as const;
    }),
  );
}
