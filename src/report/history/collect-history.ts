import { BadArgument, DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import type { HistoryEntry, HistoryWalk, MetricChange } from "../../gate/index.ts";
import { nearest } from "../../lib/nearest.ts";
import { ANSWERED, type Calibrations, RETRIEVAL, type Run, readScores, type Scores } from "../../runlog/index.ts";
import { estimateSample } from "../cells/estimate-cell.ts";
import { columnHead } from "../metric-head.ts";
import type { ChosenSeries } from "./choose-series.ts";
import type { HistoryMetric, HistoryPoint, HistoryTable } from "./history-table.ts";

export interface CollectOptions {
  /** What changed is its to say; that of `gate`, which this folder knows by its types only. */
  readonly walk: Pick<HistoryWalk, "add">;
  /** Canonical names and conditions to show; all where left out or empty. */
  readonly metrics?: readonly string[];
  readonly conditions?: readonly string[];
  /** Show the last so many runs. */
  readonly last?: number | undefined;
  readonly calibrations?: Calibrations | undefined;
  /** Narrows the scores to the questions that all runs share. */
  readonly narrow?: (scores: Scores) => Scores;
  /** Gives the scores of a run. Default: reads its log. */
  readonly scoresOf?: ((run: Run) => Promise<Scores>) | undefined;
}

/**
 * Reads the runs of a series, one at a time, into one table.
 * @throws DataError when a run is damaged, or no run has a metric or condition that was asked for
 */
export async function collectHistory(
  { runs, others, interrupted }: ChosenSeries,
  options: CollectOptions,
): Promise<HistoryTable> {
  if (runs.length === 0) throw new BadArgument("a series needs at least one run");
  const { walk, narrow = (scores) => scores, last = runs.length, scoresOf = ({ dir }) => readScores(dir) } = options;
  const metrics = new Map<string, HistoryMetric & { readonly points: HistoryPoint[] }>();
  const entries: HistoryEntry[] = [];
  const notes = new Set<string>();
  const known = { metric: new Set<string>(), condition: new Set<string>() };
  for (const [i, run] of runs.entries()) {
    const scores = narrow(await scoresOf(run));
    const entry = walk.add(scores);
    entries.push(entry);
    for (const note of entry.notes) notes.add(`#${i + 1}: ${note}`);
    for (const found of metricsOf(scores, entry, i + 1, options.calibrations)) {
      known.metric.add(found.metric);
      known.condition.add(found.condition);
      if (!isChosen(found, options)) continue;
      const key = JSON.stringify([found.condition, found.metric]);
      const before = metrics.get(key);
      metrics.set(key, { ...found, points: [...(before?.points ?? []), ...found.points] });
    }
  }
  const absent = notThere(options, known);
  if (absent.length > 0) throw new DataError(absent);
  const [{ manifest }] = [runs.at(-1)!];
  const { title } = manifest.system;
  return {
    schema: 1,
    suite: manifest.suite.id,
    system: manifest.system.id,
    ...(title !== undefined && { title }),
    protocol: manifest.protocol,
    level: manifest.level,
    alpha: entries[0]!.alpha,
    horizon: entries[0]!.horizon,
    runs: entries.map(({ metrics: _, alpha: __, horizon: ___, notes: ____, ...run }) => run),
    from: Math.max(1, runs.length - last + 1),
    metrics: [...metrics.values()],
    others,
    interrupted,
    notes: [...notes],
  };
}

function isChosen({ metric, condition }: HistoryMetric, { metrics = [], conditions = [] }: CollectOptions): boolean {
  return (
    (metrics.length === 0 || metrics.includes(metric)) && (conditions.length === 0 || conditions.includes(condition))
  );
}

/** Every metric of one run, as a series of one point. */
function metricsOf(scores: Scores, entry: HistoryEntry, run: number, calibrations?: Calibrations): HistoryMetric[] {
  const changes = new Map(entry.metrics.map((found) => [JSON.stringify([found.condition, found.metric]), found]));
  return Array.from(scores.groups.values()).flatMap((group) =>
    Array.from(group.metrics.keys()).flatMap((metric): HistoryMetric[] => {
      const head = columnHead(metric, [scores], calibrations);
      const found = estimateSample(scores, group.name, head, scores.manifest.level);
      if (found === undefined) return [];
      const change = changes.get(JSON.stringify([group.name, metric]));
      const refused = group.answered.filter((state) => state === ANSWERED.refused).length;
      return [
        {
          metric,
          condition: group.name,
          better: head.better,
          ...(head.range && { range: head.range }),
          minEffect: change?.previous.minEffect ?? 0,
          ...(head.judge && { judged: head }),
          points: [
            { run, estimate: found.estimate, ...(group.name !== RETRIEVAL && { refused }), ...(change && of(change)) },
          ],
        },
      ];
    }),
  );
}

function of({ previous, reference, change }: MetricChange): Partial<HistoryPoint> {
  return { previous, ...(reference && { reference }), ...(change && { change }) };
}

/** What was asked for and is in no run. */
function notThere(
  { metrics = [], conditions = [] }: CollectOptions,
  known: Readonly<Record<"metric" | "condition", ReadonlySet<string>>>,
): Problem[] {
  const asked = [
    ...metrics.map((name) => ({ field: "metric" as const, name })),
    ...conditions.map((name) => ({ field: "condition" as const, name })),
  ];
  return asked
    .filter(({ field, name }) => !known[field].has(name))
    .map(({ field, name }) => {
      const near = nearest(name, [...known[field]]);
      return {
        code: "E_HISTORY_METRIC",
        where: `${field} ${name}`,
        expected: `a ${field} that a run of the series has`,
        got: `only ${[...known[field]].join(", ") || "nothing"}`,
        fix: near === undefined ? "leave it out" : `did you mean "${near}"?`,
      };
    });
}
