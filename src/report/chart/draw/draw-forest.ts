import * as Plot from "@observablehq/plot";
import type { ForestChart, ForestRow } from "../forest-chart.ts";
import { short } from "./draw-series.ts";
import { cutTo, svgOf, tip, WIDTH } from "./plot.ts";
import { LEFT, namesOfRows, RIGHT, ROWS } from "./row-text.ts";
import { scaleOf, ticksOf } from "./scale-of.ts";

/** Heights in pixels: of a name above its interval and the interval, of a heading, of the axis. */
const ROW = 36;
const HEADING = 21;
const AXIS = 26;

/** Names and numbers stand above their interval, so that long ones have room on a phone too. */
export function drawForest(chart: ForestChart): string {
  const { groups, axis, holds } = chart;
  const rows: (ForestRow & { readonly top: number })[] = [];
  const headings: { readonly title: string; readonly top: number }[] = [];
  let top = 4;
  for (const group of groups) {
    if (group.title !== undefined) {
      headings.push({ title: group.title, top });
      top += HEADING;
    }
    for (const row of group.rows) {
      rows.push({ ...row, top });
      top += ROW;
    }
  }
  const x = scaleOf(axis, [...rows.flatMap(({ low, high }) => [low, high]), ...(holds === undefined ? [] : [holds])]);
  const ticks = ticksOf(axis, x);
  const name = ({ top: at }: { top: number }): number => at + 10;
  const bar = ({ top: at }: { top: number }): number => at + 24;
  return svgOf(chart, {
    height: top + AXIS,
    ...ROWS,
    marginBottom: AXIS,
    x,
    marks: [
      Plot.gridX({ className: "grid", ticks }),
      ...(holds === undefined ? [] : [Plot.ruleX([holds], { className: "strong" })]),
      Plot.axisX({ className: "axis", ticks, tickSize: 0, tickFormat: short(axis.format), label: null }),
      Plot.text(headings, {
        ...LEFT,
        y: ({ top: at }) => at + 12,
        // Its letters are bold.
        ...cutTo(WIDTH * 0.86),
        text: ({ title }) => tip(title),
        title: ({ title }) => tip(title),
        className: "heading",
      }),
      namesOfRows(rows, name, rows.map(numberOf)),
      ...["", "best", "≈ best"].map((kind) =>
        Plot.text(
          rows.filter(({ mark }) => mark === kind),
          {
            ...RIGHT,
            y: name,
            text: numberOf,
            className: kind === "best" ? "said strong-text" : "said",
          },
        ),
      ),
      Plot.ruleY(rows, { y: bar, x1: "low", x2: "high", className: "whisker interval" }),
      Plot.dot(rows, {
        y: bar,
        x: "mean",
        r: 4.5,
        className: "dot mean",
        title: ({ who, text }) => tip(`${who}: ${text}`),
      }),
    ],
  });
}

const numberOf = ({ text, mark }: ForestRow): string => (mark === "" ? text : `${mark}   ${text}`);
