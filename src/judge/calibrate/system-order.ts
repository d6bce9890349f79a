import type { Calibration } from "../../runlog/index.ts";
import { type GradeColumn, type SystemRankingOptions, systemRanking } from "../../stats/index.ts";
import type { GradedItem } from "../labels/graded-set.ts";
import { figureOf } from "./figures.ts";

/**
 * Whether a judge ranks systems as people do, by their means over the answers that both graded.
 * @param people @param judge a grade per item @param questions what intervals are clustered by, per item
 * @returns undefined where fewer than two systems have such answers
 */
export function systemOrder(
  items: readonly GradedItem[],
  people: GradeColumn,
  judge: GradeColumn,
  questions: ArrayLike<number>,
  { rng, ...options }: SystemRankingOptions,
): Calibration["systems"] {
  const names: string[] = [];
  const answers = { system: [] as number[], question: [] as number[], judge: [] as number[], people: [] as number[] };
  for (const [i, { systems = [] }] of items.entries()) {
    const [label, grade] = [people[i], judge[i]];
    if (label === undefined || grade === undefined) continue;
    for (const name of systems) {
      if (!names.includes(name)) names.push(name);
      answers.system.push(names.indexOf(name));
      answers.question.push(questions[i]!);
      answers.judge.push(grade);
      answers.people.push(label);
    }
  }
  if (names.length < 2) return undefined;
  const { tau, swapped, means } = systemRanking(answers, names.length, { ...options, rng: rng.fork("systems") });
  return {
    tau: figureOf(tau),
    swapped: figureOf(swapped),
    means: means.map((mean, at) => ({ system: names[at]!, ...mean })).sort((a, b) => b.people - a.people),
  };
}
