import { type SeriesChart, seriesChart } from "../chart/series-chart.ts";
import { formatValue } from "../text/format-number.ts";
import type { ReportedCell } from "./reported-results.ts";

interface ReportedRow {
  readonly system: string;
  readonly condition: string | undefined;
}

/** A reported metric over the k of its rag conditions, a line per system. @returns undefined where fewer than two k are reported */
export function reportedChart(
  name: string,
  range: readonly [number, number] | undefined,
  rows: readonly ReportedRow[],
  cells: readonly (ReportedCell | undefined)[],
): SeriesChart | undefined {
  const lines = new Map<string, { x: number; y: number; low?: number; high?: number }[]>();
  for (const [at, { system, condition = "" }] of rows.entries()) {
    const [k, cell] = [/^rag@(\d+)$/.exec(condition)?.[1], cells[at]];
    if (k === undefined || cell === undefined) continue;
    const { estimate, mean } = cell;
    const ends = estimate.state === "estimated" ? { low: estimate.low, high: estimate.high } : {};
    lines.set(system, [...(lines.get(system) ?? []), { x: Number(k), y: mean, ...ends }]);
  }
  const ticks = Array.from(new Set(Array.from(lines.values()).flatMap((points) => points.map(({ x }) => x))));
  if (ticks.length < 2) return undefined;
  return seriesChart({
    title: `${name} over k`,
    subtitle: "reported by others",
    x: { name: "k", unit: "passages given to the generator", ticks: ticks.sort((a, b) => a - b), format: String },
    y: { name, ...(range && { range }), format: (value) => formatValue(value, range) },
    series: Array.from(lines, ([system, points]) => ({ name: system, points: points.sort((a, b) => a.x - b.x) })),
  });
}
