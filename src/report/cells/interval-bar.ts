import type { Estimated } from "../../core/estimate.ts";

const WIDTH = 60;
const HEIGHT = 10;

/**
 * The interval of one estimate as a small picture for beside its number: a track from the lowest to the highest value, a
 * bar over the interval, a tick at the mean. It repeats what the number says, so it is hidden from screen readers.
 * Returned as markup without any text from outside; colours come from the style sheet. Three marks without an axis: a plot
 * for each of a table's thousands of cells would cost its page ten times the bytes.
 */
export function intervalBar(estimate: Estimated, range: readonly [low: number, high: number]): string {
  const x = scale(range, 0, WIDTH);
  const [low, high, mean] = [x(estimate.low), x(estimate.high), x(estimate.mean)];
  return (
    `<svg class="bar" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" aria-hidden="true" focusable="false">` +
    `<path class="track" d="M0 5H${WIDTH}"/>` +
    `<rect class="interval" x="${low}" y="2.5" width="${round(Math.max(1, high - low))}" height="5" rx="1"/>` +
    `<path class="mean" d="M${mean} 0V${HEIGHT}"/></svg>`
  );
}

/** Maps [low, high] on [from, to]; values outside are drawn at the edge. */
export function scale(range: readonly [number, number], from: number, to: number): (value: number) => number {
  const [low, high] = range;
  const width = high - low || 1;
  return (value) => round(from + Math.min(1, Math.max(0, (value - low) / width)) * (to - from));
}

function round(x: number): number {
  return Math.round(x * 10) / 10;
}
