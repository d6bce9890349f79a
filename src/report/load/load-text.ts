import { printable } from "../../lib/text.ts";
import type { LoadRecord } from "../../runlog/load-record.ts";
import { formatPercentile } from "../latency/latency-text.ts";
import { formatLevel } from "../text/format-number.ts";
import { type TextColumn, textTable, wrapText } from "../text/text-table.ts";
import { loadCautions } from "./load-cautions.ts";
import type { LoadFigures, LoadQuantiles, StepFigures } from "./load-figures.ts";
import { describeLoad, formatLoadRate, kneeText, rateColumns, TIMES } from "./load-words.ts";

/** A load test in a terminal: what each rate brought, the times, the knee, and what all that is not good for. */
export function loadText(record: LoadRecord, figures: LoadFigures, width: number): string {
  const { steps, level } = figures;
  const rates = [
    { head: "rate", cell: ({ rate }: StepFigures) => formatLoadRate(rate) },
    ...rateColumns(record, figures),
  ];
  const [key, ...columns] = rates.map(
    ({ head, cell }): TextColumn => ({ head, align: "left", cells: steps.map((step) => printable(cell(step))) }),
  );
  const heading = `${printable(record.system.id)} (${printable(record.system.generator)}): load`;
  const prose = [describeLoad(record), kneeText(figures, record)].map((text) => wrapText(printable(text), width));
  return `${[
    heading,
    prose[0]!,
    textTable([key!], columns, width),
    `times [${formatLevel(level)} interval]\n${timesTable(steps, width)}`,
    prose[1]!,
    loadCautions(record, figures)
      .map((text) => wrapText(printable(text), width))
      .join("\n"),
  ].join("\n\n")}\n`;
}

/** A row per time and rate; times that no answer has are left out. */
function timesTable(steps: readonly StepFigures[], width: number): string {
  const rows = TIMES.flatMap(({ key, name }) =>
    steps.flatMap((step) => {
      const { n, percentiles }: LoadQuantiles = step[key];
      return n === 0 ? [] : [{ name, rate: step.rate, percentiles }];
    }),
  );
  if (rows.length === 0) return "none: no request was answered";
  const quantile = (at: number, head: string): TextColumn => ({
    head,
    align: "left",
    cells: rows.map(({ percentiles }) => formatPercentile(percentiles[at])),
  });
  return textTable(
    [
      { head: "time", align: "left", cells: rows.map(({ name }, i) => (rows[i - 1]?.name === name ? "" : name)) },
      { head: "rate", align: "left", cells: rows.map(({ rate }) => formatLoadRate(rate)) },
    ],
    [quantile(0, "p50"), quantile(1, "p90"), quantile(2, "p99")],
    width,
  );
}
