import { type ChartHead, inWords, type NumbersTable } from "./chart.ts";

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

/** A heat map brings its own table: no other one tells its counts. */
export function heatChart(chart: Omit<HeatChart, "kind" | "says" | "numbers">): HeatChart {
  const { x, y, scale, counts } = chart;
  const numbers: NumbersTable = {
    heads: [`${y}, ${x} →`, ...scale],
    rows: counts.map((row, i) => [scale[i]!, ...row.map(String)]),
  };
  return {
    kind: "heat",
    ...chart,
    numbers,
    says: inWords(
      `${y} against ${x}.`,
      counts.map((row, i) => `${y} ${scale[i]}: ${row.map((n, j) => `${n} with ${x} ${scale[j]}`).join(", ")}.`),
    ),
  };
}
