import { truncate } from "../lib/text.ts";
import { ANSWERED, CELL, readQuestions, type ScoreColumn, type ScoreGroup, type Scores } from "../runlog/index.ts";
import type { Diagnosis } from "./diagnosis/diagnosis.ts";
import { columnHead } from "./metric-head.ts";
import { PER_PIECE } from "./run-data.ts";

const LETTERS = new Map<number, string>([
  [ANSWERED.absent, "-"],
  [ANSWERED.answered, "a"],
  [ANSWERED.refused, "r"],
  [ANSWERED.failed, "f"],
]);

/** Some of a run's questions by their places in its list, as links of the page name them. */
export interface QuestionList {
  readonly id: string;
  readonly title: string;
  readonly questions: readonly number[];
}

/**
 * What the list of a run's questions needs of each of them, in columns: id, the beginning of its text, and per group a
 * state and one value per metric; the classes of the diagnosis by their places in the list. Some 200 bytes a question.
 */
export async function runList(dir: string, scores: Scores, diagnosis?: Diagnosis, lists: readonly QuestionList[] = []) {
  const texts: string[] = [];
  for await (const { text } of readQuestions(dir)) texts.push(truncate(text, 160));
  return {
    per: PER_PIECE,
    trials: scores.manifest.trials,
    ids: scores.queries,
    texts,
    classes: [...(diagnosis?.ranks ?? []), ...(diagnosis?.causes ?? []), ...lists].map(({ id, title, questions }) => ({
      id,
      title,
      questions,
    })),
    groups: Array.from(scores.groups.values(), (group) => ({
      name: group.name,
      states: states(group, scores.queries.length),
      metrics: Array.from(group.metrics, ([name, column]) => {
        const { better, range, title } = columnHead(name, [scores]);
        const worst = range && (better === "higher" ? range[0] : range[1]);
        return { name, title, better, worst, values: values(column, group.trials, scores.queries.length) };
      }),
    })),
  };
}

/** One letter a question: with several trials the worst of them, failed before refused before answered. */
function states({ answered, trials }: ScoreGroup, questions: number): string {
  let text = "";
  for (let q = 0; q < questions; q += 1) {
    let worst: number = ANSWERED.absent;
    for (let t = 0; t < trials; t += 1) worst = Math.max(worst, answered[q * trials + t]!);
    text += LETTERS.get(worst) ?? "-";
  }
  return text;
}

/** The mean over the trials that have a value, null where none has one. */
function values({ values, states }: ScoreColumn, trials: number, questions: number): (number | null)[] {
  return Array.from({ length: questions }, (_, q) => {
    let total = 0;
    let n = 0;
    for (let cell = q * trials; cell < (q + 1) * trials; cell += 1) {
      if (states[cell] !== CELL.scored && states[cell] !== CELL.failed) continue;
      total += values[cell]!;
      n += 1;
    }
    return n === 0 ? null : Number((total / n).toFixed(4));
  });
}
