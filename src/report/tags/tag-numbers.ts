import { ANSWERED, type Scores } from "../../runlog/index.ts";
import { FEW, listedTags, meansOf } from "../questions/tag-breakdown.ts";

/** A leaderboard offers the numbers of as many tags as these: the most frequent. */
export const BOARD_TAGS = 30;

/** The numbers of one run by tag, as the leaderboard puts them into its rows. */
export interface TagNumbers {
  /** Below as many questions a mean says little. */
  readonly few: number;
  readonly tags: readonly (readonly [tag: string, groups: readonly TagGroup[]])[];
}

interface TagGroup {
  /** `retrieval`, or a condition. */
  readonly name: string;
  /** Questions that have the tag. */
  readonly n: number;
  /** Of these questions × trials. */
  readonly failed: number;
  readonly refused: number;
  readonly metrics: readonly (readonly [metric: string, mean: number | null, number: string, interval: string])[];
}

/** @param tags each with the places of its questions @returns undefined where the questions have none */
export function tagNumbers(scores: Scores, tags: ReadonlyMap<string, readonly number[]>): TagNumbers | undefined {
  if (tags.size === 0) return undefined;
  const groups = Array.from(scores.groups.values(), (group) => ({
    group,
    means: Array.from(group.metrics.keys(), (metric) => ({ metric, ...meansOf(scores, group.name, metric) })),
  }));
  return {
    few: FEW,
    tags: listedTags(tags)
      .slice(0, BOARD_TAGS)
      .map(([tag, questions]) => [
        tag,
        groups.map(({ group, means }): TagGroup => {
          const count = (state: number) => countOf(group.answered, group.trials, questions, state);
          return {
            ...{ name: group.name, n: questions.length },
            ...{ failed: count(ANSWERED.failed), refused: count(ANSWERED.refused) },
            metrics: means.map(({ metric, over }) => {
              const { mean, number, interval } = over(questions);
              return [metric, mean ?? null, number, interval];
            }),
          };
        }),
      ]),
  };
}

function countOf(answered: Uint8Array, trials: number, questions: readonly number[], state: number): number {
  let found = 0;
  for (const query of questions) {
    for (let trial = 0; trial < trials; trial += 1) if (answered[query * trials + trial] === state) found += 1;
  }
  return found;
}
