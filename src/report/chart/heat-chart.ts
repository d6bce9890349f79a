import { type ChartHead, inWords } from "./chart.ts";

/** A table of counts as shaded cells. */
export interface HeatChart extends ChartHead {
  readonly kind: "heat";
  /** Names of the axes: what the columns are, what the rows are. */
  readonly x: string;
  readonly y: string;
  /** Values of both axes, lowest first. */
  readonly scale: readonly string[];
  /** By row and column; the shade of a cell is its share of the row. */
  readonly counts: readonly (readonly number[])[];
}

/** The numbers of a heat map are written in its cells, and a table of the page holds them. */
export function heatChart(chart: Omit<HeatChart, "kind" | "says" | "numbers">): HeatChart {
  const { x, y, scale, counts } = chart;
  return {
    kind: "heat",
    ...chart,
    says: inWords(
      `${y} against ${x}.`,
      counts.map((row, i) => `${y} ${scale[i]}: ${row.map((n, j) => `${n} with ${x} ${scale[j]}`).join(", ")}.`),
    ),
  };
}
