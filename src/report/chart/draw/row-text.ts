import * as Plot from "@observablehq/plot";
import { cutTo, tip, WIDTH, widthOf } from "./plot.ts";

/** Pixels beside what a chart of rows draws. */
export const SIDE = 8;

/** What charts have in common whose rows are bars or intervals, each under its name and its number. */
export const ROWS = {
  marginLeft: SIDE,
  marginRight: SIDE,
  marginTop: 0,
  y: { type: "identity", axis: null },
} as const satisfies Plot.PlotOptions;

/** Text that begins at the left edge, and text that ends at the right one. */
export const LEFT = { frameAnchor: "left", textAnchor: "start", dx: -SIDE + 1 } as const;
export const RIGHT = { frameAnchor: "right", textAnchor: "end", dx: SIDE - 1 } as const;

interface Row {
  readonly who: string;
}

/** Whose each row is, cut where the longest of the numbers begins. @param y a row's place @param numbers what stands at the right */
export function namesOfRows<T extends Row>(
  rows: readonly T[],
  y: (row: T, at: number) => number,
  numbers: readonly string[],
): Plot.Markish {
  return Plot.text(rows, {
    ...LEFT,
    y,
    ...cutTo(WIDTH - Math.max(0, ...numbers.map(widthOf)) - 12),
    text: ({ who }) => tip(who),
    title: ({ who }) => tip(who),
    className: "said",
  });
}

/** The number of each row in words, at the right. */
export function numbersOfRows<T extends { readonly text: string }>(
  rows: readonly T[],
  y: (row: T, at: number) => number,
): Plot.Markish {
  return Plot.text(rows, { ...RIGHT, y, text: "text", className: "said" });
}
