import * as Plot from "@observablehq/plot";
import type { StackChart, StackPart } from "../stack-chart.ts";
import { lookOf, short } from "./draw-series.ts";
import { svgOf, tip, WIDTH, widthOf } from "./plot.ts";
import { namesOfRows, numbersOfRows, ROWS, SIDE } from "./row-text.ts";
import { scaleOf, ticksOf } from "./scale-of.ts";

const ROW = 50;
const BAR = 14;
const AXIS = 26;
/** Pixels between parts, so that they are told apart without colour. */
const GAP = 1.5;

interface Drawn extends StackPart {
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

/** Bars from 0, each under its name; the kinds of part are named below the bar where they begin. */
export function drawStack(chart: StackChart): string {
  const { rows, kinds, axis } = chart;
  const drawn = rows.flatMap(({ parts }, row): Drawn[] => {
    let from = 0;
    return parts
      .toSorted((a, b) => kinds.indexOf(a.of) - kinds.indexOf(b.of))
      .map((part) => {
        const at = { ...part, row, from, to: from + part.value };
        from = at.to;
        return at;
      });
  });
  const x = scaleOf(
    { ...axis, zero: true },
    drawn.map(({ to }) => to),
  );
  const apply = Plot.scale({ x: { ...x, range: [SIDE, WIDTH - SIDE] } })!.apply;
  const ticks = ticksOf(axis, x);
  const top = (row: number): number => row * ROW + 4;
  const above = (_: unknown, at: number): number => top(at) + 8;
  return svgOf(chart, {
    height: top(rows.length) + AXIS,
    ...ROWS,
    marginBottom: AXIS,
    x,
    marks: [
      Plot.gridX({ className: "grid", ticks }),
      Plot.axisX({ className: "axis", ticks, tickSize: 0, tickFormat: short(axis.format), label: null }),
      namesOfRows(
        rows,
        above,
        rows.map(({ text }) => text),
      ),
      numbersOfRows(rows, above),
      ...kinds.map((kind, at) =>
        Plot.rect(
          drawn.filter(({ of }) => of === kind),
          {
            x1: "from",
            x2: "to",
            y1: ({ row }) => top(row) + 17,
            y2: ({ row }) => top(row) + 17 + BAR,
            insetRight: GAP,
            title: ({ of, detail = "", value }) => tip(`${of} ${detail}: ${axis.format(value)}`),
            className: `part ${lookOf(at)}`,
          },
        ),
      ),
      Plot.text(namesOf(drawn, apply), {
        x: { value: "at", scale: null } as unknown as string,
        y: ({ row }) => top(row) + 17 + BAR + 8,
        text: "text",
        textAnchor: "start",
        className: "part-name",
      }),
    ],
  });
}

/** The name of each kind where its first part begins, if the name before leaves room. */
function namesOf(drawn: readonly Drawn[], apply: (x: number) => unknown) {
  let [row, free] = [-1, 0];
  let before = "";
  return drawn.flatMap((part) => {
    if (part.row !== row) [row, free, before] = [part.row, 0, ""];
    const at = Math.min(apply(part.from) as number, WIDTH - widthOf(part.of));
    if (part.of === before || at < free) return [];
    before = part.of;
    free = at + widthOf(part.of) + 8;
    return [{ row, at, text: part.of }];
  });
}
