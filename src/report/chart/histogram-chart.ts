import { truncate } from "../../lib/text.ts";
import { type ChartHead, inWords, type NumbersTable } from "./chart.ts";

export interface HistogramRow {
  readonly who: string;
  /** At the right end, above the bars. */
  readonly text: string;
  /** One per bin. */
  readonly counts: readonly number[];
}

/** Histograms on one axis below each other, each as high as its own total allows: shares are compared, not counts. */
export interface HistogramChart extends ChartHead {
  readonly kind: "histogram";
  /** What is counted, below the axis. */
  readonly name: string;
  /** Names of the bins, in order. */
  readonly bins: readonly string[];
  readonly rows: readonly HistogramRow[];
}

/** Histograms bring their own table: no other one tells their counts. */
export function histogramChart(chart: Omit<HistogramChart, "kind" | "says" | "numbers">): HistogramChart {
  const { name, bins, rows } = chart;
  const numbers: NumbersTable = {
    heads: [name, ...bins],
    rows: rows.map(({ who, counts }) => [who, ...counts.map(String)]),
  };
  return {
    kind: "histogram",
    ...chart,
    numbers,
    says: inWords(
      `How many answers got each ${name}.`,
      rows.map(
        ({ who, counts }) => `${truncate(who, 80)}: ${counts.map((n, at) => `${n} of ${bins[at]}`).join(", ")}.`,
      ),
    ),
  };
}
