import * as Plot from "@observablehq/plot";
import type { HeatChart } from "../heat-chart.ts";
import { fitted, svgOf, WIDTH } from "./plot.ts";

/** Classes of shade. */
const SHADES = 5;
const LEFT = 46;
const TOP = 46;
const MOST_CELL = 54;

export function drawHeat(chart: HeatChart): string {
  const { scale, counts } = chart;
  const cells = counts.flatMap((row, i) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, j) => ({
      row: scale[i]!,
      column: scale[j]!,
      text: count === 0 ? "" : String(count),
      share: count === 0 ? "" : `${Math.round((100 * count) / total)} %`,
      shade: total === 0 || count === 0 ? 0 : Math.max(1, Math.round((SHADES * count) / total)),
      same: i === j,
      title: `${chart.y} ${scale[i]}, ${chart.x} ${scale[j]}: ${count}${total === 0 ? "" : ` of ${total} (${Math.round((100 * count) / total)} %)`}`,
    }));
  });
  const cell = Math.min(MOST_CELL, (WIDTH - LEFT - 8) / scale.length);
  const roomy = cell >= 40;
  const height = Math.max(26, Math.min(cell, 40)) * scale.length;
  return svgOf(chart, {
    width: LEFT + 8 + cell * scale.length,
    height: TOP + height + 2,
    marginLeft: LEFT,
    marginRight: 8,
    marginTop: TOP,
    marginBottom: 2,
    x: { type: "band", domain: [...scale], padding: 0, axis: null },
    y: { type: "band", domain: [...scale], padding: 0, axis: null },
    marks: [
      Plot.axisX({ anchor: "top", className: "axis", tickSize: 0, label: null }),
      Plot.axisY({ className: "axis", tickSize: 0, label: null }),
      Plot.text([fitted(`${chart.x} →`, cell * scale.length)], {
        frameAnchor: "top",
        dy: -36,
        className: "said",
      }),
      Plot.text([fitted(`${chart.y} ↓`, LEFT + 30)], {
        frameAnchor: "top-left",
        textAnchor: "start",
        dx: -LEFT + 1,
        dy: -14,
        className: "said",
      }),
      ...Array.from({ length: SHADES + 1 }, (_, shade) =>
        Plot.cell(
          cells.filter((each) => each.shade === shade),
          { x: "column", y: "row", title: "title", className: `cell shade-${shade}` },
        ),
      ),
      Plot.cell(
        cells.filter(({ same }) => same),
        { x: "column", y: "row", inset: 1, className: "same" },
      ),
      Plot.text(cells, { x: "column", y: "row", text: "text", dy: roomy ? -7 : 0, className: "count" }),
      ...(roomy ? [Plot.text(cells, { x: "column", y: "row", text: "share", dy: 8, className: "share" })] : []),
    ],
  });
}
