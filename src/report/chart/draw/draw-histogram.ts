import * as Plot from "@observablehq/plot";
import type { HistogramChart } from "../histogram-chart.ts";
import { fitted, svgOf, tip, WIDTH, widthOf } from "./plot.ts";
import { namesOfRows, numbersOfRows, ROWS, SIDE } from "./row-text.ts";

const ROW = 84;
const BARS = 38;
const AXIS = 40;

export function drawHistogram(chart: HistogramChart): string {
  const { rows, bins } = chart;
  const foot = (row: number): number => row * ROW + ROW - 2;
  const bars = rows.flatMap(({ who, counts }, row) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    const most = Math.max(1, ...counts);
    return counts.map((count, at) => ({
      row,
      bin: bins[at]!,
      count,
      // Some is never drawn as none.
      height: count === 0 ? 0 : Math.max(1.5, (BARS * count) / most),
      title: `${who}, ${bins[at]}: ${count} of ${total}`,
    }));
  });
  const above = (_: unknown, at: number): number => foot(at) - BARS - 26;
  const room = (WIDTH - 2 * SIDE) / bins.length;
  // Bars of many bins are too narrow for numbers, and for the names of all.
  const wide = bars.every(({ count }) => widthOf(String(count)) <= room);
  const every = Math.ceil(Math.max(0, ...bins.map((bin) => widthOf(bin) + 6)) / room);
  return svgOf(chart, {
    height: foot(rows.length - 1) + AXIS,
    ...ROWS,
    marginBottom: AXIS,
    x: { type: "band", domain: [...bins], padding: 0.15 },
    marks: [
      Plot.axisX({
        className: "axis",
        ticks: bins.filter((_, at) => at % every === 0),
        tickSize: 0,
        label: fitted(chart.name, WIDTH),
        labelAnchor: "center",
        labelArrow: "none",
      }),
      namesOfRows(
        rows,
        above,
        rows.map(({ text }) => text),
      ),
      numbersOfRows(rows, above),
      Plot.barY(
        bars.filter(({ height }) => height > 0),
        {
          x: "bin",
          y1: ({ row }) => foot(row),
          y2: ({ row, height }) => foot(row) - height,
          title: ({ title }) => tip(title),
          className: "part look-0",
        },
      ),
      ...(wide
        ? [
            Plot.text(bars, {
              x: "bin",
              y: ({ row, height }) => foot(row) - height - 7,
              text: ({ count }) => String(count),
              className: "part-name",
            }),
          ]
        : []),
      Plot.ruleY(rows, { y: (_, at) => foot(at) + 0.5, className: "base" }),
    ],
  });
}
