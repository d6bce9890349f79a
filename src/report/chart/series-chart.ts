import { truncate } from "../../lib/text.ts";
import { type Axis, type ChartHead, inWords, type NumbersTable } from "./chart.ts";

/** A point of a line, with the ends of its interval where it has them. */
export interface SeriesPoint {
  readonly x: number;
  readonly y: number;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

/** Points of one kind: of a system, of a percentile. */
export interface Series {
  /** Stands beside its last point; empty where there is one series only. */
  readonly name: string;
  readonly points: readonly SeriesPoint[];
  /** `bad`: in the colour of a warning, with crosses. Default: one of its own. */
  readonly look?: "bad" | undefined;
  /** Dots alone, small. */
  readonly scattered?: boolean | undefined;
  /** A line alone, that goes on level until the next point. */
  readonly steps?: boolean | undefined;
}

/** Lines over one quantity. */
export interface SeriesChart extends ChartHead {
  readonly kind: "series";
  readonly x: Axis;
  readonly y: Axis;
  /** The first ones have looks of their own; beyond {@link MOST_LOOKS} they are thin and without a name. */
  readonly series: readonly Series[];
  /** A value that is not to be crossed. */
  readonly limit?: { readonly y: number; readonly label: string } | undefined;
  /** Places on the x axis that are pointed out: a knee, a change. */
  readonly marks?: readonly { readonly x: number; readonly label: string }[] | undefined;
}

/** Series that can be told apart by colour, shape and dash, and named without crowding. */
export const MOST_LOOKS = 8;

export interface SeriesOptions extends Omit<SeriesChart, "kind" | "says" | "numbers"> {
  /** Whether no table of the page holds these numbers, so that the chart brings its own. */
  readonly alone?: boolean;
}

/** A chart of lines with intervals, such as a metric over k of several systems, or over time of one. */
export function seriesChart({ alone = false, ...options }: SeriesOptions): SeriesChart {
  const series = options.series.map((each) => ({ ...each, points: each.points.filter(isThere) }));
  const chart = { ...options, series };
  return {
    kind: "series",
    ...chart,
    ...noteOf(chart),
    says: saysOf(chart),
    ...(alone && { numbers: numbersOf(chart) }),
  };
}

/** What is no number has no place. */
function isThere({ x, y }: SeriesPoint): boolean {
  return Number.isFinite(x) && Number.isFinite(y);
}

function noteOf({ note, series }: SeriesOptions): Pick<ChartHead, "note"> {
  if (series.length <= MOST_LOOKS) return { note };
  const unnamed = `${series.length - MOST_LOOKS} of ${series.length} lines are thin and bear their names when pointed at`;
  return { note: note === undefined ? unnamed : `${note}; ${unnamed}` };
}

function saysOf({ x, y, series, limit, marks = [] }: SeriesOptions): string {
  const facts = series
    .filter(({ scattered }) => !scattered)
    .flatMap(({ name, points, steps }) => {
      // Of a long line the ends tell enough.
      const told = points.length > 12 || steps ? [points[0], points.at(-1)] : points;
      const values = told.flatMap((point) => (point ? `${estimateText(point, y)} at ${x.format(point.x)}` : []));
      return values.length === 0 ? [] : [`${name === "" ? "" : `${truncate(name, 60)}: `}${values.join(", ")}.`];
    });
  const dots = series.filter(({ scattered }) => scattered).reduce((n, { points }) => n + points.length, 0);
  return inWords(`${nameOf(y)} over ${nameOf(x)}.`, [
    ...(dots > 0 ? [`${dots} ${dots === 1 ? "dot" : "dots"}.`] : []),
    ...(limit ? [`${limit.label}.`] : []),
    ...marks.map(({ x: at, label }) => `${label} at ${x.format(at)}.`),
    ...facts,
  ]);
}

function numbersOf({ x, y, series }: SeriesOptions): NumbersTable {
  const named = series.some(({ name }) => name !== "");
  return {
    heads: [...(named ? ["line"] : []), nameOf(x), nameOf(y)],
    rows: series.flatMap(({ name, points }) =>
      points.map((point) => [...(named ? [name] : []), x.format(point.x), estimateText(point, y)]),
    ),
  };
}

/** `.61 [.52, .70]`, or what is known of it. */
function estimateText({ y, low, high }: SeriesPoint, { format }: Axis): string {
  return low === undefined || high === undefined ? format(y) : `${format(y)} [${format(low)}, ${format(high)}]`;
}

export function nameOf({ name, unit }: Axis): string {
  return unit === undefined || unit === "" ? name : `${name} (${unit})`;
}
