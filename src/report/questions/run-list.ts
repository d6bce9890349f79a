import { ANSWERED, CELL, type ScoreColumn, type ScoreGroup, type Scores } from "../../runlog/index.ts";
import { questionsHref } from "../address/question-address.ts";
import type { Diagnosis } from "../diagnosis/diagnosis.ts";
import { columnHead } from "../metric-head.ts";
import type { MeasuredTimes } from "./measured-times.ts";
import type { QuestionColumns } from "./question-columns.ts";
import { PER_PIECE } from "./run-data.ts";
import { listedTags, tagList } from "./tag-breakdown.ts";

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

/** What else is known of a run's questions. */
export interface ListParts {
  readonly columns: QuestionColumns;
  readonly times: MeasuredTimes;
  readonly diagnosis?: Diagnosis | undefined;
  readonly lists?: readonly QuestionList[] | undefined;
}

/**
 * What the list of a run's questions needs of each of them, in columns: id, the beginning of its text, and per group a
 * state, one value per metric and how long it took; the classes of the diagnosis and the tags by their places in the list. Some 200
 * bytes a question.
 */
export function runList(scores: Scores, { columns, times, diagnosis, lists = [] }: ListParts) {
  const { suite, protocol, trials } = scores.manifest;
  const classes = [
    ...(diagnosis?.ranks ?? []),
    ...(diagnosis?.causes ?? []),
    ...lists,
    ...listedTags(columns.tags).map(tagList),
  ];
  return {
    per: PER_PIECE,
    trials,
    /** Where the same questions stand with the answers of all systems. */
    across: `../../${questionsHref({ suite: suite.id, protocol })}`,
    run: scores.manifest.run,
    ids: scores.queries,
    texts: columns.texts,
    classes: classes.map(({ id, title, questions }) => ({ id, title, questions })),
    groups: Array.from(scores.groups.values(), (group) => ({
      name: group.name,
      states: states(group, scores.queries.length),
      ms: times.of(group.name) && Array.from(times.of(group.name)!, rounded),
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
    for (let t = 0; t < trials; t += 1) {
      const state = answered[q * trials + t]!;
      // Text of which no judge has said yet whether it declines.
      worst = Math.max(worst, state > ANSWERED.failed ? ANSWERED.answered : state);
    }
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

/** Three digits say enough of a time. */
function rounded(ms: number): number | null {
  return Number.isNaN(ms) ? null : Number(ms.toPrecision(3));
}
