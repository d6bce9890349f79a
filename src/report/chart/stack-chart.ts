import { truncate } from "../../lib/text.ts";
import { type Axis, type ChartHead, inWords, type NumbersTable } from "./chart.ts";

/** A part of a bar. */
export interface StackPart {
  /** What the part is: its look and the first head of the table. */
  readonly of: string;
  /** What it is made of, in the table and when pointed at. */
  readonly detail?: string | undefined;
  readonly value: number;
}

export interface StackRow {
  readonly who: string;
  /** At the right end, above the bar. */
  readonly text: string;
  readonly parts: readonly StackPart[];
}

/** Bars in parts, below each other. */
export interface StackChart extends ChartHead {
  readonly kind: "stack";
  readonly axis: Axis;
  /** The kinds of part in the order they are stacked in; each has a look. */
  readonly kinds: readonly string[];
  readonly rows: readonly StackRow[];
}

/** A stack brings its own table: no other one tells its parts. */
export function stackChart(chart: Omit<StackChart, "kind" | "says" | "numbers">): StackChart {
  const { axis, rows } = chart;
  const partText = ({ of, detail, value }: StackPart): string =>
    `${of}${detail === undefined ? "" : ` ${detail}`} ${axis.format(value)}`;
  const numbers: NumbersTable = {
    heads: ["", "stage", "code", axis.name],
    rows: rows.flatMap(({ who, parts }) => parts.map((p) => [who, p.of, p.detail ?? "", axis.format(p.value)])),
  };
  return {
    kind: "stack",
    ...chart,
    numbers,
    says: inWords(
      `${axis.name} in parts.`,
      rows.map(({ who, parts }) => `${truncate(who, 80)}: ${parts.map(partText).join(", ")}.`),
    ),
  };
}
