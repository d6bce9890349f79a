import { cellView } from "./cell-view.ts";
import type { CompareLinks } from "./compare/compare-links.ts";
import { forestView } from "./forest-view.ts";
import { formatCount, formatDuration, formatLevel, MISSING, shortProtocol } from "./format-number.ts";
import { badgeView } from "./judged/badge-view.ts";
import { type LatencyFigures, PERCENTILES } from "./latency-figures.ts";
import { describePass, formatEnds, formatLatency, formatRate } from "./latency-text.ts";
import { metricAnchor } from "./metric-head.ts";
import { runHref } from "./run-address.ts";
import type { MetricHead, ProtocolTable, Row, RunHead, Summary, TablePart } from "./summary-types.ts";

/** Rows of one picture; a longer table says how many are not drawn. */
const MOST_PLOTTED = 24;

/** The leaderboard page as its template takes it. @param compared pages of two runs, of each protocol of each suite */
export function boardView(summary: Summary, compared?: CompareLinks) {
  const levels = new Set(summary.suites.flatMap(({ tables }) => tables.map(({ level }) => level)));
  return {
    title: "Leaderboard",
    scripts: ["board.js"],
    level: levels.size === 0 ? "confidence" : Array.from(levels, formatLevel).join(" or "),
    suites: summary.suites.map(({ id, title, tables }, s) => ({
      title: title ?? id,
      tables: tables.map((table, t) => ({
        ...tableView(table, `${s}-${t}`),
        compared: compared?.of(id, table.protocol),
      })),
    })),
  };
}

function tableView(table: ProtocolTable, key: string) {
  const { dataset, superseded } = table;
  return {
    questions: formatCount(dataset.queries),
    passages: formatCount(dataset.passages),
    dataset: dataset.id,
    split: dataset.split,
    protocol: shortProtocol(table.protocol),
    differs: table.differs,
    parts: table.parts.map((part) => partView(part, `${key}-${part.kind}`)),
    interrupted: table.interrupted.map(link),
    superseded: superseded.map(link),
    older: `${superseded.length} older ${superseded.length === 1 ? "run" : "runs"} of the same systems`,
  };
}

function link(head: RunHead) {
  return { run: head.run, system: titleOf(head), href: runHref(head.run), startedAt: head.startedAt.slice(0, 10) };
}

export function titleOf({ system }: RunHead): string {
  return system.title ?? system.id;
}

function partView(part: TablePart, key: string) {
  const answers = part.kind === "answers";
  const rows = byFirstMetric(part);
  const alone = rows.some((row) => row.alone);
  const heads = [
    {
      key: "system",
      name: "system",
      type: "text",
      first: "ascending",
      meaning: "The system under test. It leads to the page of its run.",
    },
    ...(answers
      ? [
          {
            key: "context",
            name: "context",
            type: "text",
            first: "ascending",
            meaning: "How the generator got its context: rag@k, oracle or closed-book.",
          },
        ]
      : []),
    ...counts(undefined, answers).map(countHead),
    ...part.metrics.map((metric, at) => ({
      key: metric.name,
      name: metric.name,
      type: "number",
      first: metric.better === "higher" ? "descending" : "ascending",
      sorted: at === 0 ? (metric.better === "higher" ? "descending" : "ascending") : undefined,
      meaning: `${metric.title}. ${metric.meaning}${metric.unit === "" ? "" : ` Unit: ${metric.unit}.`}`,
      anchor: metricAnchor(metric),
      badge: badgeView(metric),
      ...arrowOf(metric),
    })),
    ...moreCounts(undefined, alone).map(countHead),
  ];
  return {
    key,
    title: answers ? "Answers" : "Retrieval",
    heads,
    rows: rows.map((row) => ({
      system: titleOf(row.run),
      condition: row.condition,
      find: `${row.run.system.id} ${titleOf(row.run)} ${row.condition ?? ""}`.toLowerCase(),
      href: runHref(row.run.run),
      cells: row.cells.map((cell, at) => cellView(cell, row, part.metrics[at]!)),
      counts: counts(row, answers),
      more: moreCounts(row, alone),
    })),
    plots: part.metrics.map((metric, at) => plotView(metric, at, part.rows)).filter((plot) => plot !== undefined),
  };
}

function arrowOf({ better, group }: MetricHead) {
  if (group === "unknown") return {};
  return better === "higher"
    ? { arrow: "↑", arrowTitle: "higher is better" }
    : { arrow: "↓", arrowTitle: "lower is better" };
}

/** Best first by the first metric, where there is one; the page can be sorted by any other. */
function byFirstMetric({ rows, metrics }: TablePart): readonly Row[] {
  const sign = metrics[0]?.better === "lower" ? -1 : 1;
  const value = (row: Row): number => {
    const estimate = row.cells[0]?.estimate;
    return estimate?.state === "estimated" ? sign * estimate.mean : Number.NEGATIVE_INFINITY;
  };
  return rows.toSorted((a, b) => value(b) - value(a) || 0);
}

function countHead({ label, meaning }: CountView) {
  return { key: label, name: label, type: "number", first: "descending", numeric: true, meaning };
}

/** One count or duration of a row, with what its column means. */
interface CountView {
  readonly label: string;
  readonly meaning: string;
  readonly sort: string;
  readonly text: string;
  readonly interval?: string;
  /** How it was measured. */
  readonly title?: string;
  readonly alarm: boolean;
}

/** The columns that stand before all numbers, since no number goes without them. @param row undefined for the heads */
function counts(row: Row | undefined, answers: boolean): CountView[] {
  const trials = row !== undefined && row.trials > 1 ? `×${row.trials}` : "";
  const failed = "Questions on which the system failed; each scores the metric's floor and is in the mean.";
  return [
    count("n", row?.questions, "Questions asked: the one denominator of the row.", trials),
    { ...count("failed", row?.failed, failed), alarm: (row?.failed ?? 0) > 0 },
    ...(answers ? [count("refused", row?.refused, "Questions the system declined to answer.")] : []),
  ];
}

/** @param alone whether the latency columns are of passes made apart: the two kinds of latency never share a column */
function moreCounts(row: Row | undefined, alone: boolean): CountView[] {
  const unscored = Math.max(0, ...(row?.cells.map((cell) => cell?.estimate.unscored ?? 0) ?? []));
  return [
    count(
      "unscored",
      unscored,
      "Questions without a value on the metric that lacks most of them; they are in no mean.",
    ),
    ...(alone
      ? aloneCounts(row?.alone)
      : [
          duration("p50", row?.latency?.p50, "Median latency of measured calls; replayed and cached ones have none."),
          duration("p95", row?.latency?.p95, "95th percentile of the latency of measured calls."),
        ]),
  ];
}

/** What a latency pass adds to a row; dashes where the run has none. */
function aloneCounts(figures: LatencyFigures | undefined): CountView[] {
  const pass = "of retrieval, one question at a time, by bench run --latency; [low, high]: its interval";
  // The machine is part of it: rows of one column may have been measured on several.
  const title = figures && { title: describePass(figures) };
  const whole = figures?.parts[0]?.percentiles;
  const inProcess = figures?.throughput.find((part) => part.workers === 0);
  const measured = inProcess?.state === "measured" ? inProcess : undefined;
  return [
    ...PERCENTILES.map((p, at): CountView => {
      const found = whole?.[at];
      const view = { label: `p${100 * p}`, meaning: `Percentile ${100 * p} ${pass}.`, alarm: false };
      if (found === undefined) return { ...view, sort: "", text: MISSING };
      return {
        ...view,
        sort: String(found.value),
        text: formatLatency(found.value),
        interval: formatEnds(found),
        ...title,
      };
    }),
    {
      label: "per second",
      meaning: "Questions per second in batches, in one process: the median round [slowest, fastest].",
      sort: String(measured?.perSecond ?? ""),
      text: measured ? formatRate(measured.perSecond) : MISSING,
      ...title,
      ...(measured && { interval: `[${formatRate(measured.least)}, ${formatRate(measured.most)}]` }),
      alarm: false,
    },
  ];
}

function count(label: string, value: number | undefined, meaning: string, suffix = ""): CountView {
  const text = value === undefined ? MISSING : formatCount(value) + suffix;
  return { label, meaning, sort: String(value ?? ""), text, alarm: false };
}

function duration(label: string, ms: number | undefined, meaning: string): CountView {
  const text = ms === undefined ? MISSING : formatDuration(ms);
  return { label, meaning, sort: String(ms ?? ""), text, alarm: false };
}

/** The picture of one metric: every row's interval on one axis. */
function plotView(metric: MetricHead, at: number, rows: readonly Row[]) {
  const drawn = rows.flatMap((row) => {
    const cell = row.cells[at];
    return cell?.estimate.state === "estimated" ? [{ row, estimate: cell.estimate, kind: cell.standing.kind }] : [];
  });
  if (drawn.length < 2) return undefined;
  const shown = drawn.slice(0, MOST_PLOTTED);
  const groups = groupBySystem(shown).map(({ title, members }) => ({
    title,
    rows: members.map(({ row, estimate, kind }) => ({ who: row.condition ?? titleOf(row.run), estimate, kind })),
  }));
  const hidden = drawn.length > shown.length ? `${shown.length} of ${drawn.length} rows are drawn` : undefined;
  return { ...arrowOf(metric), ...forestView(metric, groups, { note: hidden }) };
}

/** Rows of one system that follow each other, under its name; rankings have one row a system and need no name above. */
function groupBySystem<T extends { readonly row: Row }>(rows: readonly T[]) {
  const groups: { readonly run: string; readonly title: string | undefined; readonly members: T[] }[] = [];
  for (const item of rows) {
    const { run, condition } = item.row;
    if (groups.at(-1)?.run === run.run) groups.at(-1)!.members.push(item);
    else groups.push({ run: run.run, title: condition === undefined ? undefined : titleOf(run), members: [item] });
  }
  return groups;
}
