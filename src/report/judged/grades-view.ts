import type { Calibrations, Scores } from "../../runlog/index.ts";
import { gradesHref } from "../address/grades-address.ts";
import { formatFigure } from "../calibration/calibration-text.ts";
import { columnHead } from "../metric-head.ts";
import type { MetricHead } from "../summary-types.ts";
import { formatCount, formatValue, MISSING } from "../text/format-number.ts";
import { badgeView } from "./badge-view.ts";
import { histogramBars } from "./histogram-bars.ts";
import { judgedCell } from "./judged-cell.ts";

/** The grades of judges as the page of a run shows them. @returns undefined where no judge graded the run */
export function gradesView(scores: Scores, calibrations?: Calibrations) {
  const rows = Array.from(scores.judged.keys()).flatMap((name) => {
    const metric = columnHead(name, [scores], calibrations);
    return Array.from(scores.groups.keys()).flatMap((group) => rowView(scores, group, metric));
  });
  if (rows.length === 0) return undefined;
  return {
    rows,
    corrected: rows.some(({ corrected }) => corrected !== undefined),
    bounds: rows.some(({ bounds }) => bounds !== undefined),
  };
}

function rowView(scores: Scores, group: string, metric: MetricHead) {
  const { name, range } = metric;
  const cell = judgedCell(scores, group, name);
  if (cell?.grades === undefined) return [];
  const { grades, bounds, corrected } = cell;
  const judged = scores.judged.get(name);
  const show = (value: number | undefined): string => (value === undefined ? MISSING : formatValue(value, range));
  const { bins } = grades;
  return {
    metric: name,
    href: judged && gradesHref(scores.manifest.run, judged.judge.id, { by: judged.criterion, on: group }),
    badge: badgeView(metric),
    context: group,
    svg: histogramBars(bins.map(({ count }) => count)),
    counts: bins
      .filter(({ count }) => count > 0)
      .map(({ from, to, count }) => `${from === to ? from : `${from} to ${to}`}: ${formatCount(count)}`)
      .join(", "),
    from: String(bins[0]?.from ?? ""),
    to: String(bins.at(-1)?.to ?? ""),
    graded: formatCount(grades.graded),
    failed: formatCount(grades.failed),
    unscored: formatCount(grades.unscored),
    mean: show(grades.mean),
    variance: show(grades.variance),
    p90: show(grades.p90),
    bounds: bounds && `${show(bounds.worst)} to ${show(bounds.best)}`,
    corrected: corrected && {
      number: formatFigure(corrected.corrected, range),
      alone: formatFigure(corrected.labelsAlone, range),
      roganGladen: corrected.roganGladen && formatFigure(corrected.roganGladen, range),
      labels: formatCount(corrected.labels),
      advice:
        corrected.width === "wider" || corrected.width === "same"
          ? "the judge adds nothing here: take the labels alone"
          : "",
    },
  };
}
