import { seeded } from "../core/rng.ts";
import {
  ANSWERED,
  type Calibrations,
  RETRIEVAL,
  type Run,
  readLatency,
  readScores,
  type Scores,
} from "../runlog/index.ts";
import { quantileSorted } from "../stats/index.ts";
import { type EstimatedSample, estimateSample } from "./cells/estimate-cell.ts";
import { contextEffects } from "./conditions/context-effect.ts";
import { costFigures } from "./cost/cost-figures.ts";
import { groupRuns, openRuns, type RunGroup, runHead } from "./group-runs.ts";
import { judgedCell } from "./judged/judged-cell.ts";
import { type LatencyFigures, latencyFigures } from "./latency/latency-figures.ts";
import { lostAnswers } from "./lost/lost-answers.ts";
import { columnHead } from "./metric-head.ts";
import { columnPairs, rankIntervals } from "./rank-intervals.ts";
import { refusalJudged } from "./refusal/judging-text.ts";
import { bestTogether, type Contender, standings } from "./standings.ts";
import type { Latency, ProtocolTable, Row, RunHead, Summary, TablePart } from "./summary-types.ts";
import { trialSpreads } from "./trials/trial-spread.ts";

export interface SummariseOptions {
  /** Confidence level in (0, 1). Default: that of the newest run of each table. */
  readonly level?: number;
  /** Of the judges that are known, by their ids. Default: none, so that every judge is uncalibrated. */
  readonly calibrations?: Calibrations;
  /** Gives the scores of a run. Default: reads its log. */
  readonly scoresOf?: (run: Run) => Promise<Scores>;
  /** Also tells the difference of every two rows. Default: no, since pairs grow with the square of the rows. */
  readonly pairs?: boolean;
}

/**
 * Makes the tables of run folders: per suite and protocol one of rankings and one of answers, of the newest complete run
 * of each system. Runs of different protocol never share a table; interrupted runs are named and not ranked. Scores are
 * read a table at a time, so that memory does not grow with the number of tables.
 *
 * @throws DataError when a folder is no run or a log is damaged
 */
export async function summarise(dirs: readonly string[], options: SummariseOptions = {}): Promise<Summary> {
  const suites = [];
  for (const { groups, ...suite } of groupRuns(await openRuns(dirs))) {
    const tables: ProtocolTable[] = [];
    for (const group of groups) tables.push(await protocolTable(group, options));
    suites.push({ ...suite, tables });
  }
  return { suites };
}

async function protocolTable(group: RunGroup, options: SummariseOptions): Promise<ProtocolTable> {
  const newest = (group.ranked[0] ?? group.interrupted[0])!;
  const { level = newest.manifest.level, scoresOf = ({ dir }: Run) => readScores(dir) } = options;
  const contestants: Contestant[] = [];
  for (const run of group.ranked) {
    const pass = await readLatency(run);
    const alone = pass && latencyFigures(pass, level);
    contestants.push({ head: runHead(run), scores: await scoresOf(run), ...(alone && { alone }) });
  }
  contestants.sort((a, b) => (a.head.system.id < b.head.system.id ? -1 : 1));
  const { protocol, differs } = group;
  return {
    protocol,
    level,
    differs,
    dataset: runHead(newest).dataset,
    parts: (["retrieval", "answers"] as const)
      .map((kind) => tablePart(kind, contestants, level, options.calibrations, options.pairs))
      .filter(({ rows }) => rows.length > 0),
    effects: contestants.flatMap(({ scores }) => contextEffects(scores, level)),
    trials: contestants.flatMap(({ scores }) => trialSpreads(scores, level)),
    interrupted: group.interrupted.map(runHead),
    superseded: group.superseded.map(runHead),
  };
}

interface Contestant {
  readonly head: RunHead;
  readonly scores: Scores;
  readonly alone?: LatencyFigures;
}

/** A row before its marks: what it measured, and its values lined up with those of the other rows. */
interface Entry extends Contestant {
  readonly group: string;
}

/**
 * The rows of one kind with their marks. Ranking metrics have a row per system, answer metrics one per system and
 * condition; all rows of a column are compared on the same questions.
 */
export function tablePart(
  kind: TablePart["kind"],
  contestants: readonly Contestant[],
  level: number,
  calibrations?: Calibrations,
  withPairs = false,
): TablePart {
  const entries = contestants.flatMap(({ head, scores, alone }): Entry[] =>
    Array.from(scores.groups.keys())
      .filter((group) => (group === RETRIEVAL) === (kind === "retrieval"))
      .map((group) => ({ head, scores, group, ...(group === RETRIEVAL && alone && { alone }) })),
  );
  const names = new Set(entries.flatMap(({ scores, group }) => [...scores.groups.get(group)!.metrics.keys()]));
  const runs = contestants.map(({ scores }) => scores);
  const metrics = Array.from(names, (name) => columnHead(name, runs, calibrations));
  const questions = questionIndex(entries);
  const columns = metrics.map((metric) => {
    const samples = entries.map((entry) => estimateSample(entry.scores, entry.group, metric, level));
    const rng = seeded(entries[0]!.scores.manifest.seed).fork(`standings/${kind}/${metric.name}`);
    const contenders = entries.map((entry, i) => samples[i] && contender(entry, samples[i], questions));
    const marks = standings(contenders, { metric, level, rng });
    const pairs = columnPairs(contenders, marks, { level });
    return { samples, marks: bestTogether(contenders, marks), pairs, ranks: rankIntervals(contenders, pairs, metric) };
  });
  const rows = entries.map((entry, i): Row => {
    const cells = columns.map(({ samples, marks, ranks }, at) => {
      const sample = samples[i];
      if (sample === undefined) return undefined;
      const metric = metrics[at]!.name;
      const { estimate, notApplicable } = sample;
      const judged = judgedCell(entry.scores, entry.group, metric);
      const rank = ranks[i];
      const standing = { standing: marks[i]!, ...(rank && { rank }) };
      return { metric, estimate, notApplicable, ...standing, ...(judged && { judged }) };
    });
    return { ...rowFacts(entry, level), cells };
  });
  return { kind, metrics, rows, ...(withPairs && { pairs: columns.map(({ pairs }) => pairs) }) };
}

function rowFacts({ head, scores, group, alone }: Entry, level: number): Omit<Row, "cells"> {
  const found = scores.groups.get(group)!;
  const count = (state: number) => found.answered.reduce((n, cell) => (cell === state ? n + 1 : n), 0);
  const latency = latencyOf(found.ms);
  const cost = costFigures(scores, found, level);
  const lost = lostAnswers(scores, group);
  const refusals = group === RETRIEVAL ? undefined : refusalJudged(scores);
  const { answers, promptTokens, completionTokens } = found.usage;
  return {
    run: head,
    ...(group !== RETRIEVAL && { condition: group, refused: count(ANSWERED.refused) }),
    ...(refusals && { refusals, notJudged: count(ANSWERED.notJudged), noVerdict: count(ANSWERED.noVerdict) }),
    questions: scores.queries.length,
    trials: found.trials,
    failed: count(ANSWERED.failed),
    ...(lost.length > 0 && { lost }),
    absent: count(ANSWERED.absent),
    ...(answers > 0 && {
      tokens: { prompt: promptTokens / answers, completion: completionTokens / answers, answers },
    }),
    cached: found.cached,
    ...(cost && { cost }),
    ...(latency && { latency }),
    ...(alone && { alone }),
  };
}

/** @param ms of measured calls only */
export function latencyOf(ms: Float64Array): Latency | undefined {
  if (ms.length === 0) return undefined;
  const sorted = ms.toSorted();
  return { n: ms.length, p50: quantileSorted(sorted, 0.5), p95: quantileSorted(sorted, 0.95) };
}

/** Every question of the rows gets one place; with equal question lists, that of the list. */
function questionIndex(entries: readonly Entry[]): ReadonlyMap<string, number> {
  const index = new Map<string, number>();
  for (const { scores } of entries) for (const id of scores.queries) if (!index.has(id)) index.set(id, index.size);
  return index;
}

function contender(
  { head, scores, group }: Entry,
  { estimate, sample }: EstimatedSample,
  questions: ReadonlyMap<string, number>,
): Contender {
  const values = new Float64Array(questions.size).fill(Number.NaN);
  const clusters = scores.clusters && new Int32Array(questions.size);
  for (const [i, query] of sample.queries.entries()) {
    const at = questions.get(scores.queries[query]!)!;
    values[at] = sample.values[i]!;
    if (clusters) clusters[at] = scores.clusters![query]!;
  }
  return { label: `${head.run}/${group}`, estimate, values, ...(clusters && { clusters }) };
}
