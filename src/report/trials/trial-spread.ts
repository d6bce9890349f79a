import { seeded } from "../../core/rng.ts";
import { CELL, type ScoreColumn, type ScoreGroup, type Scores } from "../../runlog/index.ts";
import type { Interval } from "../../stats/index.ts";
import { standardErrorWith, trialShareInterval, varianceComponents } from "../../stats/index.ts";
import { columnHead } from "../metric-head.ts";

/** How much of the uncertainty of one mean comes from the questions and how much from the trials. */
export interface TrialSpread {
  readonly system: string;
  readonly run: string;
  readonly condition: string;
  readonly metric: string;
  /** What the metric can be; absent where nothing bounds it. */
  readonly range?: readonly [low: number, high: number];
  /** Questions with a value, and trials of each (fewer where trials failed to give one). */
  readonly questions: number;
  readonly trials: number;
  /** Standard deviations, in the unit of the metric. */
  readonly betweenQuestions: number;
  readonly betweenTrials: number;
  /** Of the variance of the mean, the share that is the trials', with its interval. */
  readonly trialShare: number;
  readonly interval: Interval;
  /** Which of the two makes most of the mean's uncertainty; `nothing`: no answer's value differs from another's. */
  readonly limitedBy: "questions" | "trials" | "nothing";
  /** Standard error of the mean: as it is, and as it would be. Questions as independent draws, whatever the clusters. */
  readonly standardError: {
    readonly now: number;
    readonly twiceTheTrials: number;
    readonly endlessTrials: number;
    readonly twiceTheQuestions: number;
  };
}

/** The spread of every answer metric of a run with several trials. Empty for a run with one. */
export function trialSpreads(scores: Scores, level: number): TrialSpread[] {
  const { run, seed, system } = scores.manifest;
  const found: TrialSpread[] = [];
  for (const group of scores.groups.values()) {
    if (group.trials < 2) continue;
    for (const [metric, column] of group.metrics) {
      const { group: kind, range } = columnHead(metric, [scores]);
      if (kind === "unknown") continue;
      const rng = seeded(seed).fork(`trials/${run}/${group.name}/${metric}`);
      const spread = spreadOf(valuesByQuestion(group, column, scores.queries.length), level, rng);
      if (spread === undefined) continue;
      found.push({ system: system.id, run, condition: group.name, metric, ...(range && { range }), ...spread });
    }
  }
  return found;
}

/** @returns undefined where fewer than two questions, or none of them twice, have a value */
function spreadOf(questions: readonly (readonly number[])[], level: number, rng: ReturnType<typeof seeded>) {
  if (questions.length < 2 || !questions.some(({ length }) => length > 1)) return undefined;
  const found = varianceComponents(questions);
  const { betweenQuestions, betweenTrials, trialShare, trials } = found;
  const error = (n: number, of: number): number => standardErrorWith(found, n, of);
  const limitedBy: TrialSpread["limitedBy"] =
    betweenQuestions === 0 && betweenTrials === 0 ? "nothing" : trialShare > 0.5 ? "trials" : "questions";
  return {
    questions: found.questions,
    trials,
    betweenQuestions: Math.sqrt(betweenQuestions),
    betweenTrials: Math.sqrt(betweenTrials),
    trialShare,
    interval: trialShareInterval(questions, { level, rng }),
    limitedBy,
    standardError: {
      now: error(found.questions, trials),
      twiceTheTrials: error(found.questions, 2 * trials),
      endlessTrials: error(found.questions, Number.POSITIVE_INFINITY),
      twiceTheQuestions: error(2 * found.questions, trials),
    },
  };
}

/** The values of each question's trials; floors of failed ones included, as in every mean. */
function valuesByQuestion({ trials }: ScoreGroup, { values, states }: ScoreColumn, questions: number): number[][] {
  const found: number[][] = [];
  for (let query = 0; query < questions; query += 1) {
    const own: number[] = [];
    for (let cell = query * trials; cell < (query + 1) * trials; cell += 1) {
      if (states[cell] === CELL.scored || states[cell] === CELL.failed) own.push(values[cell]!);
    }
    if (own.length > 0) found.push(own);
  }
  return found;
}
