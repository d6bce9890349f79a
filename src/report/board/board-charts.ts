import { nameIn, shortNameIn, titleOf } from "../cells/row-name.ts";
import type { Axis, Chart } from "../chart/chart.ts";
import { frontChart } from "../chart/front-chart.ts";
import { MOST_LOOKS, type SeriesPoint, seriesChart } from "../chart/series-chart.ts";
import { stackChart } from "../chart/stack-chart.ts";
import { formatUsd } from "../cost/cost-text.ts";
import { formatLatency } from "../latency/latency-text.ts";
import { type Lost, STAGES } from "../lost/lost-answers.ts";
import { riskChart } from "../refusal/risk-chart.ts";
import type { RiskCurve } from "../refusal/risk-curve.ts";
import type { MetricHead, Row, RunHead, TablePart } from "../summary-types.ts";
import { formatCount, formatValue } from "../text/format-number.ts";

/** Charts over k of one part. */
const MOST_METRICS = 6;
/** Rows of the picture of what got lost. */
const MOST_LOSING = 10;
/** Values that differ by this ratio are compared by ratio. */
const WIDE = 30;

/**
 * The charts of one table: metrics over k, quality against cost and latency, risk over coverage. Each stands only where there is
 * something to compare.
 * @param risksOf the curves of a run whose answers carry a confidence
 */
export function boardCharts(whole: TablePart, risksOf?: (run: RunHead) => readonly RiskCurve[]): Chart[] {
  // In one order, so that a system has one look in all of them.
  const part = { ...whole, rows: bestFirst(whole) };
  return [
    ...(part.kind === "answers" ? overConditions(part) : overNames(part)),
    ...against(
      part,
      { name: "cost of 1000 questions", unit: "US dollars", format: formatUsd },
      ({ cost }) => cost?.per1000?.usd,
    ),
    ...against(part, { name: "median latency", format: formatLatency }, medianOf),
    ...risks(part, risksOf),
  ];
}

/** By the first metric; the rows of a system stay together, where its best one is. */
export function bestFirst({ rows, metrics }: TablePart): Row[] {
  const sign = metrics[0]?.better === "lower" ? -1 : 1;
  const best = new Map<string, number>();
  for (const { run, cells } of rows) {
    const estimate = cells[0]?.estimate;
    const value = estimate?.state === "estimated" ? sign * estimate.mean : Number.NEGATIVE_INFINITY;
    best.set(run.run, Math.max(value, best.get(run.run) ?? Number.NEGATIVE_INFINITY));
  }
  return rows.toSorted((a, b) => best.get(b.run.run)! - best.get(a.run.run)! || 0);
}

function axisOf({ name, unit, range }: MetricHead): Axis {
  return { name, unit, range, format: (value) => formatValue(value, range) };
}

/** Of answers: each metric over the k of its rag conditions. */
function overConditions({ metrics, rows }: TablePart): Chart[] {
  const points = rows.flatMap((row) => {
    const k = /^rag@(\d+)$/.exec(row.condition ?? "")?.[1];
    return k === undefined ? [] : [{ row, k: Number(k) }];
  });
  return metrics
    .flatMap((metric, at) =>
      overK(
        metric,
        points.map(({ row, k }) => ({ row, k, at })),
        "passages given to the generator",
      ),
    )
    .slice(0, MOST_METRICS);
}

/** Of rankings: metrics of one name over their cut-offs. */
function overNames({ metrics, rows }: TablePart): Chart[] {
  const families = new Map<string, { readonly metric: MetricHead; readonly k: number; readonly at: number }[]>();
  for (const [at, metric] of metrics.entries()) {
    const [, name, k] = /^(.+)@(\d+)$/.exec(metric.name) ?? [];
    if (name !== undefined) families.set(name, [...(families.get(name) ?? []), { metric, k: Number(k), at }]);
  }
  return Array.from(families)
    .flatMap(([name, members]) =>
      overK(
        { ...members[0]!.metric, name: `${name}@k` },
        rows.flatMap((row) => members.map(({ k, at }) => ({ row, k, at }))),
        "passages looked at",
      ),
    )
    .slice(0, MOST_METRICS);
}

interface AtK {
  readonly row: Row;
  readonly k: number;
  /** Number of the metric's cell. */
  readonly at: number;
}

/** A line per system. */
function overK(metric: MetricHead, found: readonly AtK[], what: string): Chart[] {
  const lines = new Map<string, { name: string; points: SeriesPoint[] }>();
  for (const { row, k, at } of found) {
    const estimate = row.cells[at]?.estimate;
    if (estimate?.state !== "estimated") continue;
    const line = lines.get(row.run.run) ?? { name: titleOf(row.run), points: [] };
    lines.set(row.run.run, line);
    line.points.push({ x: k, y: estimate.mean, low: estimate.low, high: estimate.high });
  }
  const ks = Array.from(new Set(Array.from(lines.values()).flatMap(({ points }) => points.map(({ x }) => x))));
  if (ks.length < 2) return [];
  const ratio = Math.max(...ks) / Math.min(...ks) > WIDE / 3;
  return [
    seriesChart({
      title: `${metric.name} over k`,
      x: {
        name: "k",
        unit: what,
        format: String,
        ...(ratio ? { kind: "log" } : { ticks: ks.length > 8 ? undefined : ks }),
      },
      y: axisOf(metric),
      series: Array.from(lines.values(), ({ name, points }) => ({ name, points: points.sort((a, b) => a.x - b.x) })),
    }),
  ];
}

/** Quality by the first metric, against what it takes. */
function against({ metrics, rows }: TablePart, x: Axis, costOf: (row: Row) => number | undefined): Chart[] {
  const metric = metrics[0];
  if (metric === undefined || metric.group === "unknown") return [];
  const [nameOf, shortNameOf] = [nameIn(rows), shortNameIn(rows)];
  const points = rows.flatMap((row) => {
    const [cost, cell] = [costOf(row), row.cells[0]];
    if (cost === undefined || cell?.estimate.state !== "estimated") return [];
    const { mean, low, high } = cell.estimate;
    return [
      {
        name: nameOf(row),
        label: shortNameOf(row, 20),
        x: cost,
        y: mean,
        low,
        high,
        tied: cell.standing.kind === "tied",
      },
    ];
  });
  if (points.length < 2) return [];
  const costs = points.map((point) => point.x);
  const ratio = Math.min(...costs) > 0 && Math.max(...costs) / Math.min(...costs) > WIDE;
  const missing = rows.length - points.length;
  return [
    frontChart({
      title: `${metric.name} against ${x.name}`,
      subtitle: "filled: no other is as good for as little; ≈: not told apart from the best",
      better: metric.better,
      x: { ...x, ...(ratio ? { kind: "log" } : { zero: true }) },
      y: axisOf(metric),
      points,
      note:
        missing > 0
          ? `${formatCount(missing)} of ${formatCount(rows.length)} rows have none and are not drawn`
          : undefined,
    }),
  ];
}

/** While answering; of rankings, of a pass made apart where there is one. */
function medianOf({ latency, alone }: Row): number | undefined {
  return alone?.parts[0]?.percentiles[0]?.value ?? latency?.p50;
}

/** One chart per condition, a line per system. */
function risks({ kind, rows }: TablePart, risksOf: ((run: RunHead) => readonly RiskCurve[]) | undefined): Chart[] {
  if (kind !== "answers" || risksOf === undefined) return [];
  const conditions = Array.from(new Set(rows.flatMap(({ condition }) => condition ?? [])));
  return conditions.flatMap((condition) => {
    const lines = rows.flatMap((row) => {
      const found = row.condition === condition && risksOf(row.run).find((each) => each.condition === condition);
      return found ? [{ name: titleOf(row.run), curve: found.curve, right: found.right }] : [];
    });
    const drawn = lines.slice(0, MOST_LOOKS);
    const note = drawn.length < lines.length ? `${drawn.length} of ${lines.length} systems are drawn` : undefined;
    return riskChart(drawn, `${condition}; right: ${lines[0]?.right}`, note) ?? [];
  });
}

/**
 * How many answers got lost at least, and where. An answer without a score may lack grades of several judges too: of these losses
 * the largest alone is counted, never their sum.
 */
function lossOf(lost: readonly Lost[]) {
  const failed = lost.filter(({ stage }) => stage === "retrieval" || stage === "generation");
  const after = lost.filter((one) => !failed.includes(one)).sort((a, b) => b.count - a.count);
  const parts = [...after.slice(0, 1), ...failed];
  return { parts, total: parts.reduce((n, { count }) => n + count, 0), overlaps: after.length > 1 };
}

/** What got lost on the way to a score, most first: where a system failed or a judge gave no grade. */
export function lostCharts({ kind, rows }: TablePart): Chart[] {
  const losing = rows
    .flatMap((row) => (row.lost === undefined ? [] : [{ row, ...lossOf(row.lost) }]))
    .sort((a, b) => b.total - a.total);
  // Questions without gold are the same for all, and the column of unscored ones tells them.
  if (losing.every(({ row }) => row.lost!.every(({ stage }) => stage === "scoring"))) return [];
  const drawn = losing.slice(0, MOST_LOSING);
  const shortNameOf = shortNameIn(rows);
  return [
    stackChart({
      title: "Lost by stage",
      subtitle: `share of ${kind === "answers" ? "answers" : "rankings"} that failed, or that have no score or no grade`,
      axis: { name: "share", zero: true, format: (x) => formatValue(x, [0, 1]) },
      kinds: STAGES,
      rows: drawn.map(({ row, total, overlaps, parts }) => {
        const asked = row.questions * row.trials;
        return {
          who: shortNameOf(row, 36),
          text: `${formatCount(total)} ${overlaps ? "or more " : ""}of ${formatCount(asked)}`,
          parts: parts.map(({ stage, code, count }) => ({ of: stage, detail: code, value: count / asked })),
        };
      }),
      note:
        drawn.length < losing.length
          ? `${drawn.length} of ${losing.length} rows are drawn, most lost first`
          : undefined,
    }),
  ];
}
