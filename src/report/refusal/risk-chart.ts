import { type SeriesChart, seriesChart } from "../chart/series-chart.ts";
import { formatValue } from "../text/format-number.ts";
import type { RiskCurve } from "./risk-curve.ts";

const SHARE = { range: [0, 1], format: (x: number) => formatValue(x, [0, 1]) } as const;

/** Risk over coverage, a line each. @param lines their names, with the curves; none where there is no line */
export function riskChart(
  lines: readonly { readonly name: string; readonly curve: RiskCurve["curve"] }[],
  subtitle: string,
  note?: string,
): SeriesChart | undefined {
  if (lines.length === 0) return undefined;
  return seriesChart({
    title: "Risk over coverage",
    ...{ subtitle, note },
    x: { name: "coverage", unit: "share of answers given", ticks: [0, 0.25, 0.5, 0.75, 1], ...SHARE },
    y: { name: "risk", unit: "share of them wrong", zero: true, ...SHARE },
    series: lines.map(({ name, curve }) => ({
      name,
      steps: true,
      points: curve.map(({ coverage, risk }) => ({ x: coverage, y: risk })),
    })),
  });
}
