import type { Chart } from "../chart.ts";
import { drawForest } from "./draw-forest.ts";
import { drawFront } from "./draw-front.ts";
import { drawHeat } from "./draw-heat.ts";
import { drawHistogram } from "./draw-histogram.ts";
import { drawSeries } from "./draw-series.ts";
import { drawStack } from "./draw-stack.ts";

/** Draws a chart as an SVG that a page with a strict policy may hold. The same chart gives the same bytes. */
export function drawChart(chart: Chart): string {
  switch (chart.kind) {
    case "series":
      return drawSeries(chart);
    case "front":
      return drawFront(chart);
    case "forest":
      return drawForest(chart);
    case "stack":
      return drawStack(chart);
    case "histogram":
      return drawHistogram(chart);
    case "heat":
      return drawHeat(chart);
  }
}
