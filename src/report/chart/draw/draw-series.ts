import * as Plot from "@observablehq/plot";
import { MOST_LOOKS, nameOf, type Series, type SeriesChart, type SeriesPoint } from "../series-chart.ts";
import { cutTo, fitted, svgOf, tip, WIDTH, widthOf } from "./plot.ts";
import { scaleOf, ticksOf } from "./scale-of.ts";
import { spreadApart } from "./spread-apart.ts";

export const HEIGHT = 236;
export const LEFT = 58;
export const TOP = 34;
export const BOTTOM = 40;
/** Most pixels that names beside their lines take from the picture. */
const MOST_NAME = 118;
/** Pixels between names, and between the whiskers of two series at one place. */
const LINE = 13;
const BESIDE = 4;

/** Shapes in the order of the looks; all are filled. */
const SHAPES = ["circle", "square", "triangle", "diamond", "cross", "star", "wye", "hexagon"] as const;

export function drawSeries(chart: SeriesChart): string {
  const { series, limit, marks = [] } = chart;
  const points = series.flatMap((each) => each.points);
  const x = scaleOf(chart.x, [...points.map((p) => p.x), ...marks.map((mark) => mark.x)]);
  const y = scaleOf(chart.y, [...points.flatMap(ends), ...(limit ? [limit.y] : [])]);
  const looked = series.slice(0, MOST_LOOKS);
  const named = looked.filter(({ name, points: { length } }) => name !== "" && length > 0);
  const widest = Math.max(0, ...named.map(({ name }) => Math.min(MOST_NAME, widthOf(name))));
  const right = widest > 0 ? widest + 14 : 26;
  const yScale = Plot.scale({ y: { ...y, range: [HEIGHT - BOTTOM, TOP] } })!;
  const places = spreadApart(
    named.map(({ points: all }) => yScale.apply(all.at(-1)!.y) as number),
    LINE,
    TOP,
    HEIGHT - BOTTOM,
  );
  return svgOf(chart, {
    height: HEIGHT,
    marginLeft: LEFT,
    marginRight: right,
    marginTop: TOP,
    marginBottom: BOTTOM,
    x,
    y,
    // The first and the last whiskers stand clear of the axis and of the names.
    insetLeft: 14,
    insetRight: 10,
    marks: [
      ...frame(chart, x, y),
      // Names of lines stand below what is measured.
      ...(limit
        ? [
            Plot.ruleY([limit.y], { className: "limit" }),
            Plot.text([limit.label], {
              y: limit.y,
              frameAnchor: "right",
              textAnchor: "end",
              dy: -7,
              className: "said",
            }),
          ]
        : []),
      ...marks.map((mark) => Plot.ruleX([mark.x], { className: "limit" })),
      // The first ones on top.
      ...thinLines(series.slice(MOST_LOOKS)),
      ...looked.toReversed().flatMap((each, at) => lineOf(each, looked.length - 1 - at, looked.length)),
      ...marks.map((mark) => Plot.text([mark.label], { x: mark.x, frameAnchor: "top", dy: -15, className: "said" })),
      ...named.map((each, at) =>
        Plot.text([tip(each.name)], {
          ...cutTo(MOST_NAME),
          frameAnchor: "right",
          textAnchor: "start",
          dx: 9,
          y: { value: [places[at]], scale: null } as unknown as number,
          className: `name ${lookOf(looked.indexOf(each), each.look)}`,
          title: () => tip(each.name),
        }),
      ),
    ],
  });
}

/** Grid, axes and their names. */
export function frame(
  chart: Pick<SeriesChart, "title" | "x" | "y">,
  x: Plot.ScaleOptions,
  y: Plot.ScaleOptions,
): Plot.Markish[] {
  const [xTicks, yTicks] = [ticksOf(chart.x, x), ticksOf(chart.y, y)];
  return [
    Plot.gridY({ className: "grid", ticks: yTicks }),
    Plot.axisY({
      className: "axis",
      ticks: yTicks,
      tickSize: 0,
      tickFormat: short(chart.y.format),
      label: fitted(besideTitle(chart), WIDTH - 20),
      labelArrow: "none",
      labelOffset: LEFT - 2,
    }),
    Plot.axisX({
      className: "axis",
      ticks: xTicks,
      tickSize: 4,
      tickFormat: (tick: number | Date) => short(chart.x.format)(Number(tick)),
      label: fitted(nameOf(chart.x), WIDTH - 40),
      labelArrow: "none",
      labelAnchor: "center",
      labelOffset: BOTTOM - 4,
    }),
    Plot.frame({ anchor: "bottom", className: "base" }),
  ];
}

/** The name of the upright axis; what the title says already is left out. */
function besideTitle({ title, y }: Pick<SeriesChart, "title" | "y">): string {
  return y.unit !== undefined && y.unit !== "" && title.startsWith(y.name) ? y.unit : nameOf(y);
}

/** Without digits that a round tick does not need: `.500` is `.5`, `1.000` is `1`. */
export function short(format: (value: number) => string): (tick: number) => string {
  return (tick) =>
    format(tick)
      .replace(/(\d*\.\d*?)0+(?!\d)/, "$1")
      .replace(/\.(?!\d)/, "") || "0";
}

export function lookOf(at: number, look?: "bad"): string {
  return look ?? `look-${at}`;
}

function lineOf({ points, look, scattered, steps }: Series, at: number, of: number): Plot.Markish[] {
  const style = lookOf(at, look);
  // Intervals of several series at one place stand beside each other.
  const dx = scattered || steps ? 0 : (at - (of - 1) / 2) * BESIDE;
  const where = { x: "x", y: "y", dx };
  const whole = points.filter(({ low, high }) => low !== undefined && high !== undefined);
  return [
    ...(scattered || whole.length === 0
      ? []
      : [Plot.ruleX(whole, { x: "x", y1: "low", y2: "high", dx, className: `whisker ${style}` })]),
    ...(scattered || points.length < 2
      ? []
      : [Plot.line(points, { ...where, curve: curveOf(steps), className: `line ${style}` })]),
    ...(steps
      ? []
      : [
          Plot.dot(points, {
            ...where,
            r: look === "bad" ? 3 : scattered ? 1.8 : 3.4,
            symbol: look === "bad" ? "times" : SHAPES[at]!,
            className: `dot ${style}`,
          }),
        ]),
  ];
}

/** Those without a look of their own: their names are told when pointed at. */
function thinLines(series: readonly Series[]): Plot.Markish[] {
  if (series.length === 0) return [];
  const points = series.flatMap(({ name, points: all }, line) => all.map(({ x, y }) => ({ x, y, line, name })));
  return [
    Plot.line(points, {
      ...{ x: "x", y: "y", z: "line" },
      curve: curveOf(series[0]!.steps),
      title: ({ name }) => tip(name),
      className: "line other",
    }),
  ];
}

function curveOf(steps = false): "step-after" | "linear" {
  return steps ? "step-after" : "linear";
}

function ends({ y, low = y, high = y }: SeriesPoint): number[] {
  return [y, low, high];
}
