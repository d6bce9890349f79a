import * as Plot from "@observablehq/plot";
import type { HistogramChart } from "../histogram-chart.ts";
import { cutTo, fitted, svgOf, tip, WIDTH, widthOf } from "./plot.ts";

const ROW = 84;
const BARS = 38;
const AXIS = 40;
const SIDE = 8;

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
  const widest = Math.max(0, ...rows.map(({ text }) => widthOf(text)));
  // Bars of many bins are too narrow for numbers.
  const wide = bins.length <= 8;
  return svgOf(chart, {
    height: foot(rows.length - 1) + AXIS,
    marginLeft: SIDE,
    marginRight: SIDE,
    marginTop: 0,
    marginBottom: AXIS,
    x: { type: "band", domain: [...bins], padding: 0.15 },
    y: { type: "identity", axis: null },
    marks: [
      Plot.axisX({
        className: "axis",
        tickSize: 0,
        label: fitted(chart.name, WIDTH),
        labelAnchor: "center",
        labelArrow: "none",
      }),
      Plot.text(rows, {
        frameAnchor: "left",
        textAnchor: "start",
        dx: -SIDE + 1,
        y: (_, at) => foot(at) - BARS - 26,
        ...cutTo(WIDTH - widest - 12),
        text: ({ who }) => tip(who),
        title: ({ who }) => tip(who),
        className: "said",
      }),
      Plot.text(rows, {
        frameAnchor: "right",
        textAnchor: "end",
        dx: SIDE - 1,
        y: (_, at) => foot(at) - BARS - 26,
        text: "text",
        className: "said",
      }),
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
