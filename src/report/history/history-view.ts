import { runHref } from "../address/run-address.ts";
import { type SeriesChart, seriesChart } from "../chart/series-chart.ts";
import { badgeView } from "../judged/badge-view.ts";
import { calibrationMark } from "../judged/judged-text.ts";
import { metricAnchor, metricHead } from "../metric-head.ts";
import { formatCount, formatLevel, formatValue, MISSING, shortProtocol } from "../text/format-number.ts";
import {
  cameWith,
  flaggedChanges,
  HISTORY_HEADS,
  type HistoryCells,
  historyCells,
  interruptedText,
  NUMERIC_CELLS,
  otherText,
  ruleTexts,
  runLines,
  shownPoints,
} from "./history-cells.ts";
import type { HistoryMetric, HistoryTable } from "./history-table.ts";

/** More pictures than these are named, not drawn. */
const MOST_DRAWN = 12;
/** More runs than these have every n-th number on the axis. */
const MOST_TICKS = 12;

const MARKS = { better: "best", worse: "worse" } as const;
const COLUMNS = Object.keys(HISTORY_HEADS) as (keyof HistoryCells)[];

/** The page of a series as its template takes it. @param linked whether the pages of the runs are beside it */
export function historyView(table: HistoryTable, linked: boolean) {
  const { suite, system, title, runs, from, metrics, notes, others } = table;
  const shown = runs.slice(from - 1);
  // What changed comes first, then what the suite asks for; sorting keeps the rest in its order.
  const weight = (metric: HistoryMetric) => (isChanged(table, metric) ? 2 : 0) + (metric.minEffect > 0 ? 1 : 0);
  const ordered = metrics.toSorted((a, b) => weight(b) - weight(a));
  const drawn = ordered.flatMap((metric) => chartOf(table, metric) ?? []);
  return {
    title: `${title ?? system} on ${suite}: history`,
    linked,
    suite,
    system: title ?? system,
    facts: [
      { value: formatCount(runs.length), label: runs.length === 1 ? "run" : "runs" },
      { value: `${dayOf(shown[0]!.startedAt)} – ${dayOf(shown.at(-1)!.startedAt)}`, label: "" },
      { value: formatCount(shown.at(-1)!.questions), label: "questions" },
      { value: shortProtocol(table.protocol), label: "protocol" },
      { value: formatLevel(table.level), label: "intervals" },
    ],
    earlier: from > 1 ? `${from - 1} earlier ${from === 2 ? "run is" : "runs are"} in the verdicts and not shown` : "",
    changes: flaggedChanges(table).map((change) => ({
      text: change.text,
      mark: MARKS[change.verdict],
      with: cameWith(change),
    })),
    plots: drawn.slice(0, MOST_DRAWN),
    undrawn: drawn.length > MOST_DRAWN ? `${MOST_DRAWN} of ${drawn.length} are drawn, those that changed first.` : "",
    runs: shown.map((run, i) => ({
      number: `#${from + i}`,
      name: run.run.run,
      ...(linked && { href: runHref(run.run.run) }),
      started: run.startedAt.replace("T", " ").slice(0, 16),
      accepted: run.accepted,
      differences: runLines(table)[i]!.differences,
      first: from + i === 1,
    })),
    heads: COLUMNS.map((key) => ({ name: HISTORY_HEADS[key], numeric: NUMERIC_CELLS.has(key) })),
    metrics: ordered.map((metric) => ({
      name: metric.metric,
      condition: metric.condition,
      badge: metric.judged && badgeView(metric.judged),
      ...(linked && { anchor: metricAnchor(metricHead(metric.metric)) }),
      arrow: metric.better === "higher" ? "↑" : "↓",
      beyond: metric.minEffect > 0 ? `changes beyond ${metric.minEffect}` : "",
      open: isChanged(table, metric),
      latest: latestText(table, metric),
      changes: shownPoints(table, metric).flatMap(({ point: { run, change } }) =>
        change ? [{ text: `#${run} ${change.verdict}`, mark: MARKS[change.verdict] }] : [],
      ),
      rows: rowsOf(table, metric),
    })),
    others: others.map((other) => ({ text: otherText(other), differs: other.differs, runs: other.runs })),
    notes: [...interruptedText(table), ...notes],
    rule: ruleTexts(table),
  };
}

function dayOf(startedAt: string): string {
  return startedAt.slice(0, 10);
}

function isChanged(table: HistoryTable, metric: HistoryMetric): boolean {
  return shownPoints(table, metric).some(({ point }) => point.change);
}

/** What the last run says, for who opens no table: `#4 .31 [.20, .42], +.15 [−.01, .29] against the run before: cannot tell`. */
function latestText(table: HistoryTable, metric: HistoryMetric): string {
  const last = historyCells(table, metric).at(-1);
  if (last === undefined) return "";
  const before = last.before === MISSING ? "" : `, ${last.before} against the run before: ${last.verdict}`;
  return `${last.run} ${last.mean}${before}`;
}

function rowsOf(table: HistoryTable, metric: HistoryMetric) {
  const points = shownPoints(table, metric);
  return historyCells(table, metric).map((cells, i) => ({
    mark: points[i]!.point.change && MARKS[points[i]!.point.change.verdict],
    cells: COLUMNS.slice(1, -1).map((key) => ({
      label: HISTORY_HEADS[key],
      text: cells[key],
      numeric: NUMERIC_CELLS.has(key),
    })),
    run: cells.run,
    verdict: cells.verdict,
  }));
}

/** A metric over the runs with its intervals; the changes are pointed out. Nothing where fewer than two runs have it. */
function chartOf(table: HistoryTable, metric: HistoryMetric): SeriesChart | undefined {
  const points = shownPoints(table, metric).flatMap(({ point: { run, estimate } }) =>
    estimate.state === "estimated" ? [{ x: run, y: estimate.mean, low: estimate.low, high: estimate.high }] : [],
  );
  if (points.length < 2) return undefined;
  const numbers = points.map(({ x }) => x);
  const every = Math.ceil(numbers.length / MOST_TICKS);
  const { unit } = metricHead(metric.metric);
  return seriesChart({
    title: metric.metric + (metric.judged ? calibrationMark(metric.judged) : ""),
    subtitle: metric.condition,
    x: { name: "run", ticks: numbers.filter((_, i) => i % every === 0), format: (x) => `#${x}` },
    y: { name: metric.metric, unit, range: metric.range, format: (x) => formatValue(x, metric.range) },
    series: [{ name: "", points }],
    marks: shownPoints(table, metric).flatMap(({ point: { run, change } }) =>
      change ? [{ x: run, label: change.verdict }] : [],
    ),
  });
}
