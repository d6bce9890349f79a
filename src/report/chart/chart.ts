import type { ForestChart } from "./forest-chart.ts";
import type { FrontChart } from "./front-chart.ts";
import type { HeatChart } from "./heat-chart.ts";
import type { HistogramChart } from "./histogram-chart.ts";
import type { SeriesChart } from "./series-chart.ts";
import type { StackChart } from "./stack-chart.ts";

/** A picture as data: made by the function of its kind, drawn when its page is rendered. */
export type Chart = SeriesChart | FrontChart | ForestChart | StackChart | HistogramChart | HeatChart;

/** What every chart has besides its marks. */
export interface ChartHead {
  readonly title: string;
  /** What the title leaves open: what is counted, of what. */
  readonly subtitle?: string | undefined;
  /** Below the picture: what is not drawn. */
  readonly note?: string | undefined;
  /** The picture in words, for who does not see it. */
  readonly says: string;
  /** The numbers of the picture, folded below it; absent where a table of the page holds them. */
  readonly numbers?: NumbersTable | undefined;
}

export interface NumbersTable {
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A quantity of a chart. */
export interface Axis {
  readonly name: string;
  readonly unit?: string | undefined;
  /** `log`: by ratio, values above 0. `time`: milliseconds since 1970, UTC. Default: linear. */
  readonly kind?: "linear" | "log" | "time" | undefined;
  /** What a value can be; the axis does not go beyond. */
  readonly range?: readonly [low: number, high: number] | undefined;
  /** Whether the axis begins at 0. Marks are read by position, so that it need not. */
  readonly zero?: boolean | undefined;
  /** Default: some round ones. */
  readonly ticks?: readonly number[] | undefined;
  /** A value or a tick as text. */
  readonly format: (value: number) => string;
}

/** A text alternative longer than this is no help. */
const MOST_SAID = 900;

/** Facts as one text, as many as a listener bears. */
export function inWords(first: string, facts: readonly string[]): string {
  let text = first;
  for (const [at, fact] of facts.entries()) {
    if (text.length + fact.length > MOST_SAID) return `${text} And ${facts.length - at} more.`;
    text += ` ${fact}`;
  }
  return text;
}
