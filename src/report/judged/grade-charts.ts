import { truncate } from "../../lib/text.ts";
import { type HistogramChart, histogramChart } from "../chart/histogram-chart.ts";
import type { Summary, TablePart } from "../summary-types.ts";
import { formatCount, formatValue } from "../text/format-number.ts";

/** Rows of one picture. */
const MOST_ROWS = 12;

/** How the grades of a judge are spread over the answers of each system: a picture per table and criterion. */
export function gradeCharts({ suites }: Summary, judge: string): HistogramChart[] {
  return suites.flatMap(({ id, title, tables }) =>
    tables.flatMap(({ parts }) => parts.flatMap((part) => chartsOf(part, judge, title ?? id))),
  );
}

function chartsOf({ metrics, rows }: TablePart, judge: string, suite: string): HistogramChart[] {
  return metrics.flatMap((metric, at) => {
    if (metric.judge?.id !== judge) return [];
    const graded = rows.flatMap(({ run, condition = "", cells }) => {
      const grades = cells[at]?.judged?.grades;
      if (grades === undefined || grades.graded === 0) return [];
      const { mean } = grades;
      const name = truncate(run.system.title ?? run.system.id, 26);
      return {
        who: `${name} ${condition}`.trim(),
        text: `${formatCount(grades.graded)} graded${mean === undefined ? "" : `, mean ${formatValue(mean, metric.range)}`}`,
        bins: grades.bins,
      };
    });
    const bins = graded[0]?.bins.map(({ from, to }) => (from === to ? String(from) : `${from}–${to}`));
    if (bins === undefined) return [];
    const drawn = graded.slice(0, MOST_ROWS);
    return histogramChart({
      title: metric.name,
      subtitle: `how many answers got each grade; ${suite}`,
      name: "grade",
      bins,
      rows: drawn.map((row) => ({ who: row.who, text: row.text, counts: row.bins.map(({ count }) => count) })),
      note: drawn.length < graded.length ? `${drawn.length} of ${graded.length} rows are drawn` : undefined,
    });
  });
}
