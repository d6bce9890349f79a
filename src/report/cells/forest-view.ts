import type { Estimated } from "../../core/estimate.ts";
import { type ForestChart, forestChart } from "../chart/forest-chart.ts";
import type { MetricHead, Standing } from "../summary-types.ts";
import { formatValue } from "../text/format-number.ts";

/** A line of the picture and how it stands to the best. */
export interface ForestItem {
  readonly who: string;
  readonly estimate: Pick<Estimated, "mean" | "low" | "high">;
  readonly kind: Standing["kind"];
}

/** Lines below one heading. */
export interface ForestGroup {
  readonly title?: string | undefined;
  readonly rows: readonly ForestItem[];
}

export interface ForestViewOptions {
  /** A value whose line the axis shows whatever the intervals, such as the 0 of differences. */
  readonly holds?: number | undefined;
  /** What is not drawn. */
  readonly note?: string | undefined;
  /** Whether no table of the page holds the numbers. */
  readonly alone?: boolean | undefined;
}

const MARKS: Readonly<Record<Standing["kind"], string>> = { best: "best", tied: "≈ best", behind: "", unranked: "" };

/** The picture of one metric: every interval on one axis. @param groups at least one line */
export function forestView(
  { name, unit, range }: Pick<MetricHead, "name" | "unit" | "range">,
  groups: readonly ForestGroup[],
  options: ForestViewOptions = {},
): ForestChart {
  const format = (x: number): string => formatValue(x, range);
  return forestChart({
    title: name,
    subtitle: unit,
    ...options,
    axis: { name, unit, range, format },
    groups: groups.map(({ title, rows }) => ({
      title,
      rows: rows.map(({ who, estimate: { mean, low, high }, kind }) => ({
        ...{ who, mean, low, high },
        text: `${format(mean)} [${format(low)}, ${format(high)}]`,
        mark: MARKS[kind],
      })),
    })),
  });
}
