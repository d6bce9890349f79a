import type { Estimated } from "../core/estimate.ts";
import { forestAxis, forestRow, forestTicks } from "./forest-plot.ts";
import { formatValue } from "./format-number.ts";
import type { MetricHead, Standing } from "./summary-types.ts";

/** A line of the picture and how it stands to the best. */
export interface ForestItem {
  readonly who: string;
  readonly estimate: Estimated;
  readonly kind: Standing["kind"];
}

/** Lines below one heading. */
export interface ForestGroup {
  readonly title?: string | undefined;
  readonly rows: readonly ForestItem[];
}

/**
 * The picture of one metric as its template takes it: every interval on one axis.
 * @param groups at least one line @param holds a value whose line the axis shows whatever the intervals, such as the 0 of differences
 */
export function forestView({ name, unit, range }: MetricHead, groups: readonly ForestGroup[], holds?: number) {
  const shown = holds === undefined ? [] : [{ low: holds, high: holds }];
  const axis = forestAxis([...shown, ...groups.flatMap(({ rows }) => rows.map(({ estimate }) => estimate))], range);
  const format = (x: number): string => formatValue(x, range);
  return {
    name,
    subtitle: unit,
    groups: groups.map(({ title, rows }) => ({
      title,
      rows: rows.map(({ who, estimate, kind }) => ({
        who,
        svg: forestRow(estimate, axis, holds),
        number: format(estimate.mean),
        interval: `[${format(estimate.low)}, ${format(estimate.high)}]`,
        best: kind === "best",
        tied: kind === "tied",
      })),
    })),
    axis: forestTicks(
      axis,
      (tick) =>
        format(tick)
          .replace(/(\.\d*?)0+$/, "$1")
          .replace(/\.$/, "") || "0",
    ),
  };
}
