import { truncate } from "../../lib/text.ts";
import { type Axis, type ChartHead, inWords, type NumbersTable } from "./chart.ts";

/** One interval of a forest plot. */
export interface ForestRow {
  readonly who: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** The numbers as they are shown: `.61 [.52, .70]`. */
  readonly text: string;
  /** `best`, `≈ best`, or empty. */
  readonly mark: string;
}

export interface ForestGroup {
  readonly title?: string | undefined;
  readonly rows: readonly ForestRow[];
}

/** Intervals below each other on one axis. */
export interface ForestChart extends ChartHead {
  readonly kind: "forest";
  readonly axis: Axis;
  readonly groups: readonly ForestGroup[];
  /** A value whose line is drawn strong and which the axis shows, such as the 0 of differences. */
  readonly holds?: number | undefined;
}

export interface ForestOptions extends Omit<ForestChart, "kind" | "says" | "numbers"> {
  readonly alone?: boolean | undefined;
}

export function forestChart({ alone = false, ...chart }: ForestOptions): ForestChart {
  return { kind: "forest", ...chart, says: saysOf(chart), ...(alone && { numbers: numbersOf(chart) }) };
}

function saysOf({ axis, groups }: ForestOptions): string {
  return inWords(
    `${axis.name}, with intervals.`,
    groups.flatMap(({ title, rows }) =>
      rows.map(({ who, text, mark }) => {
        const name = title === undefined ? who : `${truncate(title, 60)}, ${who}`;
        return `${truncate(name, 120)}: ${text}${mark === "" ? "" : `, ${mark}`}.`;
      }),
    ),
  );
}

function numbersOf({ axis, groups }: ForestOptions): NumbersTable {
  return {
    heads: ["", axis.name],
    rows: groups.flatMap(({ title, rows }) =>
      rows.map(({ who, text }) => [title === undefined ? who : `${title}, ${who}`, text]),
    ),
  };
}
