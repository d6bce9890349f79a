import type { Estimated } from "../core/estimate.ts";
import { scale } from "./interval-bar.ts";

/** One line of a forest plot. */
export interface PlotRow {
  readonly estimate: Estimated;
}

export interface ForestAxis {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

/**
 * The axis of a forest plot: the least round range that holds all intervals, with 3 to 6 round ticks. Dots and whiskers
 * are read by position and not by length, so that the axis need not begin at 0.
 * @param range what the metric can be; the axis does not go beyond
 */
export function forestAxis(
  estimates: readonly Pick<Estimated, "low" | "high">[],
  range?: readonly [number, number],
): ForestAxis {
  const least = Math.min(...estimates.map((e) => e.low));
  const most = Math.max(...estimates.map((e) => e.high));
  const step = roundStep((most - least || Math.abs(most) || 1) / 4);
  const tidy = (x: number) => Number((Math.round(x / step) * step).toPrecision(12));
  const low = Math.max(tidy(Math.floor(least / step + 1e-9) * step), range?.[0] ?? Number.NEGATIVE_INFINITY);
  const high = Math.min(tidy(Math.ceil(most / step - 1e-9) * step), range?.[1] ?? Number.POSITIVE_INFINITY);
  const ticks: number[] = [];
  for (let x = Math.ceil(low / step - 1e-9) * step; x <= high + step * 1e-9; x += step) ticks.push(tidy(x));
  return { low, high, ticks };
}

/** The next of 1, 2, 5, 10, … times a power of ten. */
function roundStep(x: number): number {
  const power = 10 ** Math.floor(Math.log10(x));
  const lead = x / power;
  return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power;
}

/**
 * One estimate on the axis: grid lines, a whisker over the interval, a dot at the mean. Positions are percentages, so
 * that the picture takes the width it gets and its strokes stay crisp.
 * @param strong a tick whose line is drawn stronger
 */
export function forestRow({ low, high, mean }: Estimated, axis: ForestAxis, strong?: number): string {
  const x = scale([axis.low, axis.high], 0, 100);
  const grid = axis.ticks.map(
    (tick) =>
      `<line class="${tick === strong ? "grid strong" : "grid"}" x1="${x(tick)}%" x2="${x(tick)}%" y1="0" y2="100%"/>`,
  );
  return (
    `<svg aria-hidden="true" focusable="false">${grid.join("")}` +
    `<line class="whisker" x1="${x(low)}%" x2="${x(high)}%" y1="50%" y2="50%"/>` +
    `<circle class="dot" cx="${x(mean)}%" cy="50%" r="4.5"/></svg>`
  );
}

/** The ticks with their labels. @param format makes the label of a tick; digits and signs only */
export function forestTicks(axis: ForestAxis, format: (tick: number) => string): string {
  const x = scale([axis.low, axis.high], 0, 100);
  const labels = axis.ticks.map((tick) => `<text class="tick" x="${x(tick)}%" y="1rem">${format(tick)}</text>`);
  return `<svg aria-hidden="true" focusable="false">${labels.join("")}</svg>`;
}
