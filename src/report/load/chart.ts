import { forestAxis } from "../forest-plot.ts";

/** A point of a line, with the ends of its interval where it has both. */
export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

/** Points of one kind. */
export interface ChartSeries {
  /** Stands at the last point; letters and digits of ours only. */
  readonly label: string;
  /** Style of its lines and dots. */
  readonly look: "first" | "second" | "third" | "bad";
  readonly points: readonly ChartPoint[];
  /** Dots alone. */
  readonly scattered?: boolean;
}

export interface Chart {
  readonly series: readonly ChartSeries[];
  readonly x: Scale;
  readonly y: Scale;
  /** A value that is not to be crossed. */
  readonly limit?: { readonly y: number; readonly label: string } | undefined;
  /** A place on the x axis that is pointed out. */
  readonly mark?: { readonly x: number; readonly label: string } | undefined;
}

/** One axis: its ticks, and where a value stands between 0 and 1. */
export interface Scale {
  readonly ticks: readonly number[];
  at(value: number): number;
  format(tick: number): string;
}

/** From 0 to the first round value that holds all. */
export function linearScale(values: readonly number[], format: (x: number) => string): Scale {
  const { high, ticks } = forestAxis([{ low: 0, high: Math.max(...values, 0) || 1 }]);
  return { ticks, at: (value) => clamp(value / high), format };
}

/** By ratio, for values between 1e-6 and 1e9 that differ by orders of magnitude; 0 is at the edge. Ticks at 1, 2 and 5 times powers of ten, or at the powers alone. */
export function logScale(values: readonly number[], format: (x: number) => string): Scale {
  const positive = values.filter((value) => value > 0);
  const [least, most] = positive.length === 0 ? [1, 10] : [Math.min(...positive), Math.max(...positive)];
  // Some room on both sides, so that no dot is cut and a single value has an axis.
  const [low, high] = [least / 1.3, most * 1.3];
  const powers = Array.from({ length: 24 }, (_, i) => 10 ** (i - 9));
  const fine = powers.flatMap((power) => [power, 2 * power, 5 * power]);
  const inside = (ticks: readonly number[]): number[] => ticks.filter((tick) => tick >= low && tick <= high);
  const ticks = inside(fine).length > 7 ? inside(powers) : inside(fine);
  return { ticks, at: (value) => clamp(Math.log(value / low) / Math.log(high / low)), format };
}

function clamp(x: number): number {
  return Math.min(1, Math.max(0, x));
}

const WIDTH = 360;
const HEIGHT = 210;
const LEFT = 46;
const RIGHT = 34;
const TOP = 16;
const BOTTOM = 22;
/** Least distance of two labels below each other. */
const LINE = 12;

/**
 * A chart as markup without any text from outside; colours come from the style sheet. What it shows also stands in a table, so
 * that it is hidden from screen readers.
 */
export function chart({ series, x, y, limit, mark }: Chart): string {
  const px = (value: number): number => round(LEFT + x.at(value) * (WIDTH - LEFT - RIGHT));
  const py = (value: number): number => round(HEIGHT - BOTTOM - y.at(value) * (HEIGHT - TOP - BOTTOM));
  const [right, bottom] = [WIDTH - RIGHT, HEIGHT - BOTTOM];
  const parts = [
    ...y.ticks.map(
      (tick) =>
        `<path class="grid" d="M${LEFT} ${py(tick)}H${right}"/>` +
        `<text class="tick" text-anchor="end" x="${LEFT - 5}" y="${round(py(tick) + 3.5)}">${y.format(tick)}</text>`,
    ),
    ...x.ticks.map(
      (tick) =>
        `<path class="grid" d="M${px(tick)} ${bottom}v4"/>` +
        `<text class="tick" text-anchor="middle" x="${px(tick)}" y="${HEIGHT - 6}">${x.format(tick)}</text>`,
    ),
    `<path class="base" d="M${LEFT} ${bottom}H${right}"/>`,
  ];
  if (limit) {
    parts.push(
      `<path class="limit" d="M${LEFT} ${py(limit.y)}H${right}"/>` +
        `<text class="said" text-anchor="end" x="${right}" y="${round(py(limit.y) - 3.5)}">${limit.label}</text>`,
    );
  }
  if (mark) {
    parts.push(
      `<path class="mark" d="M${px(mark.x)} ${TOP}V${bottom}"/>` +
        `<text class="said" text-anchor="middle" x="${px(mark.x)}" y="${TOP - 5}">${mark.label}</text>`,
    );
  }
  for (const { look, points, scattered } of series) {
    const marks = points.map((point) => {
      const [cx, cy] = [px(point.x), py(point.y)];
      const { low, high } = point;
      const whisker =
        low === undefined || high === undefined ? "" : `<path class="whisker" d="M${cx} ${py(low)}V${py(high)}"/>`;
      return `${whisker}<circle cx="${cx}" cy="${cy}" r="${scattered ? 1.8 : 2.8}"/>`;
    });
    const line = points.map((point, i) => `${i === 0 ? "M" : "L"}${px(point.x)} ${py(point.y)}`).join("");
    const drawn = scattered || points.length < 2 ? "" : `<path class="line" d="${line}"/>`;
    parts.push(`<g class="${look}">${drawn}${marks.join("")}</g>`);
  }
  parts.push(...labels(series, py));
  return `<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true" focusable="false">${parts.join("")}</svg>`;
}

/** The names of the lines beside their ends, moved apart where those are close. */
function labels(series: readonly ChartSeries[], py: (value: number) => number): string[] {
  const named = series.filter(({ label, points }) => label !== "" && points.length > 0);
  const places = named.map(({ label, points }) => ({ label, y: py(points.at(-1)!.y) + 3.5 })).sort((a, b) => b.y - a.y);
  let below = Number.POSITIVE_INFINITY;
  return places.map(({ label, y }) => {
    below = Math.min(y, below - LINE);
    return `<text class="said" x="${WIDTH - RIGHT + 6}" y="${round(below)}">${label}</text>`;
  });
}

function round(x: number): number {
  return Math.round(x * 10) / 10;
}
