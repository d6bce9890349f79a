import { printable } from "../../lib/text.ts";
import type { CorrectedMean, Corrections } from "../../runlog/index.ts";
import { formatCount, formatLevel, formatValue } from "../text/format-number.ts";
import { type TextColumn, textTable, wrapText } from "../text/text-table.ts";
import { formatFigure } from "./calibration-text.ts";

/** What labels say of the judge's means of one run. */
export interface CorrectedRun {
  readonly system: string;
  readonly corrections: Corrections;
  /** The scale of each column. */
  readonly ranges: ReadonlyMap<string, readonly [low: number, high: number]>;
}

/** Raw and corrected means side by side, and where the judge was of no use. @param columns width of the terminal */
export function correctionsText(runs: readonly CorrectedRun[], columns: number): string {
  const rows = runs.flatMap(({ system, corrections, ranges }) =>
    corrections.means.map((mean) => ({ system, mean, range: ranges.get(mean.column) })),
  );
  type Item = (typeof rows)[number];
  const column = (head: string, align: "left" | "right", of: (row: Item) => string): TextColumn => ({
    head,
    align,
    cells: rows.map(of),
  });
  const figure = (of: (mean: CorrectedMean) => CorrectedMean["corrected"] | undefined) => (row: Item) =>
    formatFigure(of(row.mean), row.range);
  const table = textTable(
    [
      column("system", "left", ({ system }) => printable(system)),
      column("context", "left", ({ mean }) => printable(mean.condition)),
      column("grade", "left", ({ mean }) => printable(mean.column)),
    ],
    [
      column("judge", "left", ({ mean, range }) => formatValue(mean.judge, range)),
      column(
        "corrected",
        "left",
        figure(({ corrected }) => corrected),
      ),
      column(
        "labels alone",
        "left",
        figure(({ labelsAlone }) => labelsAlone),
      ),
      ...(rows.some(({ mean }) => mean.roganGladen)
        ? [
            column(
              "Rogan–Gladen",
              "left",
              figure(({ roganGladen }) => roganGladen),
            ),
          ]
        : []),
      column("labels", "right", ({ mean }) => formatCount(mean.labels)),
      column("answers", "right", ({ mean }) => formatCount(mean.answers + mean.failed)),
      column("λ", "right", ({ mean }) => formatValue(mean.lambda, [0, 1])),
      column("worth", "right", ({ mean }) =>
        mean.effectiveLabels === undefined ? "" : formatCount(Math.round(mean.effectiveLabels)),
      ),
    ],
    columns,
  );
  const useless = rows.filter(({ mean }) => mean.width === "wider" || mean.width === "same");
  const level = runs[0]?.corrections.level ?? 0.95;
  const legend = [
    `judge: the raw mean. corrected: what people would have given on average, by their labels and the judge's grades (prediction-powered), with its ${formatLevel(level)} interval. λ: how much the judge is trusted. worth: labels that alone would give an interval as narrow.`,
    "It holds if the labelled answers are a random part of all: not the hard ones, not those the judge was unsure of.",
  ];
  return [
    table,
    "",
    ...useless.map(({ system, mean }) =>
      wrapText(`${printable(system)} ${printable(mean.condition)}: ${advice(mean)}`, columns),
    ),
    ...legend.map((said) => wrapText(said, columns)),
  ].join("\n");
}

function advice({ column, width, lambda }: CorrectedMean): string {
  const why = width === "wider" ? "is wider than" : "is no narrower than";
  const reason = lambda === 0 ? ", because its grades do not go with the labels or every answer is labelled" : "";
  return `the corrected interval of ${printable(column)} ${why} that of the labels alone${reason}: take the labels`;
}
