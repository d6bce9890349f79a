import { describe, expect, it } from "vitest";
import { forestChart } from "../forest-chart.ts";
import { frontChart } from "../front-chart.ts";
import { heatChart } from "../heat-chart.ts";
import { histogramChart } from "../histogram-chart.ts";
import { type Series, seriesChart } from "../series-chart.ts";
import { stackChart } from "../stack-chart.ts";
import { drawChart } from "./draw-chart.ts";

const HOSTILE = `</title></svg><script>alert(1)</script><img src=x onerror=alert(2)>"'&`;
const LONG = "w".repeat(5_000);
const share = { name: "EM", unit: "fraction", range: [0, 1], format: (x: number) => x.toFixed(3) } as const;
const k = { name: "k", ticks: [3, 5], format: String };

const series = (all: readonly Series[]) => seriesChart({ title: HOSTILE, x: k, y: share, series: all });
const line = (name: string, y: number): Series => ({
  name,
  points: [3, 5].map((x) => ({ x, y, low: y - 0.05, high: y + 0.05 })),
});
const front = (n: number) =>
  frontChart({
    title: HOSTILE,
    better: "higher",
    x: { name: LONG, zero: true, format: String },
    y: share,
    points: Array.from({ length: n }, (_, i) => ({
      name: `${HOSTILE}${i}`,
      x: 1 + ((i * 7919) % 97),
      y: ((i * 104_729) % 83) / 100,
      tied: i === 0,
    })),
  });
const forest = (who: string, mean = 0.5) =>
  forestChart({
    title: who,
    axis: share,
    holds: 0.2,
    groups: [{ title: who, rows: [{ who, mean, low: mean, high: mean, text: ".5 [.5, .5]", mark: "best" }] }],
  });
const stack = stackChart({
  title: "failures",
  axis: share,
  kinds: ["retrieval", "generation"],
  rows: [
    {
      who: HOSTILE,
      text: "5 of 10",
      parts: [
        { of: "generation", detail: LONG, value: 0.2 },
        { of: "retrieval", detail: "E_X", value: 0.3 },
      ],
    },
    { who: "none", text: "0 of 10", parts: [] },
  ],
});
const histogram = histogramChart({
  title: "grades",
  name: LONG,
  bins: ["0", "1", HOSTILE],
  rows: [
    { who: HOSTILE, text: "n 4", counts: [1, 0, 3] },
    { who: "none", text: "n 0", counts: [0, 0, 0] },
  ],
});
const heat = heatChart({
  title: "grade by grade",
  x: LONG,
  y: HOSTILE,
  scale: ["0", "1"],
  counts: [
    [0, 0],
    [2, 8],
  ],
});

const count = (svg: string, pattern: RegExp): number => (svg.match(pattern) ?? []).length;
/** Coordinates of the marks of one class. */
const places = (svg: string, name: string): string[] =>
  [...svg.matchAll(new RegExp(`class="${name}[^"]*"[^>]*>(.*?)</g>`, "g"))].map((found) => found[1]!);

describe("every chart", () => {
  it.each([
    ["lines", series([line(HOSTILE, 0.4), line(LONG, 0.5)])],
    ["lines without points", series([{ name: "a", points: [] }])],
    ["no lines", series([])],
    ["one point, one k", series([{ name: "", points: [{ x: 3, y: 0.5 }] }])],
    [
      "missing and infinite values",
      series([
        {
          name: "a",
          points: [
            { x: Number.NaN, y: 1 },
            { x: 3, y: Number.POSITIVE_INFINITY },
          ],
        },
      ]),
    ],
    ["sixty lines", series(Array.from({ length: 60 }, (_, i) => line(`system ${i}`, 0.3 + i / 100)))],
    ["a front of one", front(1)],
    ["a front of sixty", front(60)],
    ["intervals", forest(HOSTILE)],
    ["intervals of no width at the edge", forest(LONG, 1)],
    ["bars in parts", stack],
    ["histograms", histogram],
    ["a heat map", heat],
  ])("of %s is inert markup with a name and a description, without style, script, id or warning", (_, chart) => {
    const svg = drawChart(chart);
    expect(svg).toMatch(/^<svg [^>]*role="img"[^>]*><title>[^<]+<\/title><desc>[^<]+<\/desc>/);
    expect(svg.endsWith("</svg>")).toBe(true);
    expect(count(svg, /<svg|<\/svg>/g)).toBe(2);
    expect(svg).not.toMatch(
      /<(?:style|script|img|a|use|foreignObject)|\s(?:style|id|href|on\w+)="|NaN|Infinity|undefined|⚠/,
    );
    expect(svg.length).toBeLessThan(30_000);
    expect(drawChart(chart)).toBe(svg);
  });
});

describe("lines", () => {
  it("differ in shape and class, have whiskers where both ends are known, and their names beside them", () => {
    const half: Series = {
      name: "half",
      points: [
        { x: 3, y: 0.6, low: 0.5 },
        { x: 5, y: 0.7 },
      ],
    };
    const svg = drawChart(series([line("first", 0.4), half]));
    expect(places(svg, "whisker look-0")[0]!.match(/<line/g)).toHaveLength(2);
    expect(places(svg, "whisker look-1")).toEqual([]);
    const [circle, square] = [places(svg, "dot look-0")[0]!, places(svg, "dot look-1")[0]!];
    expect(circle).toContain("<circle");
    expect(square).toContain("<path");
    expect(svg).toContain(">first<title>first</title></text>");
  });

  it("beyond those with a look are thin, without whiskers and names, and say who they are when pointed at", () => {
    const svg = drawChart(series(Array.from({ length: 10 }, (_, i) => line(`system ${i}`, 0.3 + i / 20))));
    expect(count(svg, /class="name /g)).toBe(8);
    expect(count(places(svg, "line other")[0]!, /<path/g)).toBe(2);
    expect(svg).toContain("<title>system 9</title>");
    expect(svg).not.toMatch(/whisker other/);
  });
});

describe("a front", () => {
  it("of many names its own points alone; all say who they are when pointed at", () => {
    const chart = front(60);
    const svg = drawChart(chart);
    const own = chart.points.filter((point) => point.front).length;
    expect(count(places(svg, "dot front")[0]!, /<title>/g)).toBe(own);
    expect(count(places(svg, "dot beaten")[0]!, /<title>/g)).toBe(60 - own);
    expect(places(svg, "name other")).toEqual([]);
  });
});

it("stacked parts begin where the one before ends, in the order of their kinds", () => {
  const svg = drawChart(stack);
  const bar = (look: string) => {
    const [, x, width] =
      /<rect[^>]*?x="([\d.]+)"[^>]*?/.exec(places(svg, `part ${look}`)[0]!.replace(/(width="[^"]*")/g, "$1")) ?? [];
    return { x: Number(x), width };
  };
  expect(bar("look-0").x).toBeLessThan(bar("look-1").x);
  expect(svg).toContain(">retrieval<");
});

it("a cell's shade is its share of the row, and equal grades are framed", () => {
  const svg = drawChart(heat);
  expect(count(places(svg, "cell shade-4")[0]!, /<rect/g)).toBe(1);
  expect(count(places(svg, "cell shade-0")[0]!, /<rect/g)).toBe(2);
  expect(count(places(svg, "same")[0]!, /<rect/g)).toBe(2);
});

it("bars stand in proportion; some is never drawn as none, and none is not drawn", () => {
  const heights = [...places(drawChart(histogram), "part look-0")[0]!.matchAll(/height="([\d.]+)"/g)].map(([, h]) =>
    Number(h),
  );
  expect(heights).toEqual([expect.closeTo(38 / 3, 0), 38]);
});
