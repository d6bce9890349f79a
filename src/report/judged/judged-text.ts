import { printable } from "../../lib/text.ts";
import { formatFigure } from "../calibration/calibration-text.ts";
import type { Cell, MetricHead, Row, TablePart } from "../summary-types.ts";
import { formatCount, formatEstimate, formatValue, MISSING } from "../text/format-number.ts";
import type { TextColumn } from "../text/text-table.ts";
import { calibrationText, calibrationWord, ownModelText, partText } from "./calibration-note.ts";

/** What a column's head says behind its name: nothing where the judge was measured as it is and is as good as its file asks. */
export function calibrationMark({ judge }: MetricHead): string {
  const word = judge && calibrationWord(judge.calibration);
  return word === undefined || word === "calibrated" ? "" : ` (${word})`;
}

/** A line for each column that depends on a judge: how far its judge was measured against people. Columns of one judge that say the same share it. */
export function calibrationLines({ metrics }: Pick<TablePart, "metrics">): string[] {
  const columns = new Map<string, string[]>();
  for (const { name, group, judge } of metrics) {
    if (judge === undefined) continue;
    const { calibration, criterion, alsoPlays } = judge;
    const said =
      printable(partText({ group, judge })) + calibrationText(calibration, criterion) + ownModelText(alsoPlays);
    columns.set(said, [...(columns.get(said) ?? []), name]);
  }
  return Array.from(columns, ([said, names]) => `${names.map(printable).join(", ")}: ${said}`);
}

/** What stands beside judged means: the cases that unscored answers allow, and what labels say. Empty where there is neither. */
export function judgedColumns(part: TablePart): TextColumn[] {
  const rows = part.rows.flatMap((row) =>
    row.cells.flatMap((cell, at) => {
      const metric = part.metrics[at]!;
      return cell?.judged?.bounds || cell?.judged?.corrected ? [{ row, cell, metric }] : [];
    }),
  );
  if (rows.length === 0) return [];
  type Item = { readonly row: Row; readonly cell: Cell; readonly metric: MetricHead };
  const column = (head: string, of: (item: Item) => string): TextColumn => ({
    head,
    align: "left",
    cells: rows.map(of),
  });
  return [
    column("system", ({ row }) => printable(row.run.system.title ?? row.run.system.id)),
    column("context", ({ row }) => printable(row.condition ?? "")),
    column("grade", ({ metric }) => printable(metric.name)),
    column("judge", ({ cell, metric }) => formatEstimate(cell.estimate, metric.range)),
    ...(rows.some(({ cell }) => cell.judged?.bounds)
      ? [
          column("unscored", ({ cell }) => formatCount(cell.judged?.bounds?.unscored ?? 0)),
          column("worst to best case", ({ cell, metric }) => boundsText(cell, metric)),
        ]
      : []),
    ...(rows.some(({ cell }) => cell.judged?.corrected)
      ? [
          column("corrected by people", ({ cell, metric }) => correctedText(cell, metric)),
          column("labels", ({ cell }) => formatCount(cell.judged?.corrected?.labels ?? 0)),
        ]
      : []),
  ];
}

/** `1.85 to 2.31`: the mean if every unscored answer had got the lowest grade, and the highest. */
export function boundsText({ judged }: Cell, { range }: MetricHead): string {
  const { bounds } = judged ?? {};
  return bounds === undefined ? MISSING : `${formatValue(bounds.worst, range)} to ${formatValue(bounds.best, range)}`;
}

export function correctedText({ judged }: Cell, { range }: MetricHead): string {
  return formatFigure(judged?.corrected?.corrected, range);
}

/** The same for one cell, in lines. */
export function besideJudge(cell: Cell, metric: MetricHead): string[] {
  const { bounds, corrected } = cell.judged ?? {};
  return [
    ...(bounds ? [`worst to best case ${boundsText(cell, metric)}`] : []),
    ...(corrected ? [`corrected ${correctedText(cell, metric)}, ${formatCount(corrected.labels)} labels`] : []),
  ];
}
