import * as Plot from "@observablehq/plot";
import type { FrontChart, FrontPoint } from "../front-chart.ts";
import { BOTTOM, frame, HEIGHT, LEFT, TOP } from "./draw-series.ts";
import { fitted, svgOf, tip, WIDTH, widthOf } from "./plot.ts";
import { scaleOf } from "./scale-of.ts";

const RIGHT = 26;
/** Of more points those of the front alone have names and intervals; the others say theirs when pointed at. */
const MOST_NAMED = 12;
/** Pixels that the name of a point takes at most. */
const MOST_NAME = 150;
const LINE = 12;

export function drawFront(chart: FrontChart): string {
  const { points } = chart;
  const x = scaleOf(
    chart.x,
    points.map((p) => p.x),
  );
  const y = scaleOf(
    chart.y,
    points.flatMap(({ y: mean, low = mean, high = mean }) => [mean, low, high]),
  );
  const xScale = Plot.scale({ x: { ...x, range: [LEFT, WIDTH - RIGHT] } })!;
  const yScale = Plot.scale({ y: { ...y, range: [HEIGHT - BOTTOM, TOP] } })!;
  const front = points.filter((point) => point.front);
  const beaten = points.filter((point) => !point.front);
  const named = points.length > MOST_NAMED ? front : [...front, ...beaten];
  const whole = named.filter(({ low, high }) => low !== undefined && high !== undefined);
  const title = (point: FrontPoint): string =>
    tip(
      `${point.name}: ${chart.y.format(point.y)} for ${chart.x.format(point.x)}${point.tied ? ", not told apart from the best" : ""}`,
    );
  // Those of the front come first: where there is room for few names, they have them.
  const names = placeNames(
    named.map((point) => ({
      text: `${fitted(point.label ?? point.name, MOST_NAME)}${point.tied ? " ≈" : ""}`,
      x: xScale.apply(point.x) as number,
      y: yScale.apply(point.y) as number,
      front: point.front,
    })),
    points.map((point) => [xScale.apply(point.x) as number, yScale.apply(point.y) as number]),
  );
  return svgOf(chart, {
    height: HEIGHT,
    marginLeft: LEFT,
    marginRight: RIGHT,
    marginTop: TOP,
    marginBottom: BOTTOM,
    x,
    y,
    marks: [
      ...frame(chart, x, y),
      Plot.ruleX(whole, { x: "x", y1: "low", y2: "high", className: "whisker other" }),
      Plot.line(front, { x: "x", y: "y", z: null, curve: "step-after", className: "line front" }),
      Plot.dot(beaten, { x: "x", y: "y", r: 3.6, title, className: "dot beaten" }),
      Plot.dot(front, { x: "x", y: "y", r: 4.4, symbol: "diamond", title, className: "dot front" }),
      ...(["name front", "name other"] as const).map((className, at) =>
        Plot.text(
          names.filter((name) => name.front === (at === 0)),
          {
            x: { value: "left", scale: null } as unknown as string,
            y: { value: "at", scale: null } as unknown as string,
            text: "text",
            textAnchor: "start",
            className,
          },
        ),
      ),
    ],
  });
}

/** Where a name stands beside its point, best first: to which side, and by how many pixels lower. */
const AROUND = [
  [1, 0],
  [-1, 0],
  [1, -11],
  [-1, -11],
  [1, 11],
  [-1, 11],
] as const;
/** The line of the front leaves its points to the right. */
const AROUND_FRONT = [
  [1, -11],
  [-1, 0],
  [-1, -11],
  [1, 11],
  [-1, 11],
  [1, 0],
] as const;

interface Named {
  readonly text: string;
  /** Of the point, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly front: boolean;
}

/** Names beside their points where they cover neither another name nor a point; those without such a place are left out. */
function placeNames(
  names: readonly Named[],
  points: readonly (readonly number[])[],
): (Named & { readonly left: number; readonly at: number })[] {
  const taken = points.map(([x = 0, y = 0]) => ({ left: x - 5, right: x + 5, top: y - 5, bottom: y + 5 }));
  return names.flatMap((point) => {
    const width = widthOf(point.text);
    for (const [side, down] of point.front ? AROUND_FRONT : AROUND) {
      const left = side === 1 ? point.x + 8 : point.x - 8 - width;
      const at = point.y + down;
      const box = { left, right: left + width, top: at - LINE / 2, bottom: at + LINE / 2 };
      const inside = left >= LEFT && box.right <= WIDTH && box.top >= TOP - 8 && box.bottom <= HEIGHT - BOTTOM;
      if (!inside || taken.some((other) => overlap(box, other))) continue;
      taken.push(box);
      return { ...point, left, at };
    }
    return [];
  });
}

type Box = { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
