import { printable } from "../../lib/text.ts";
import type { LoadRecord } from "../../runlog/load-record.ts";
import { formatCount, formatLevel, MISSING } from "../format-number.ts";
import { formatPercentile, formatRate } from "../latency-text.ts";
import { type TextColumn, textTable, wrapText } from "../text-table.ts";
import type { LoadFigures, LoadQuantiles, StepFigures } from "./load-figures.ts";
import {
  describeLoad,
  formatErrors,
  formatGoodput,
  formatLoadRate,
  formatPerUser,
  goodputName,
  kneeText,
  loadCautions,
  TIMES,
} from "./load-words.ts";

/** A load test in a terminal: what each rate brought, the times, the knee, and what all that is not good for. */
export function loadText(record: LoadRecord, figures: LoadFigures, width: number): string {
  const { steps, level } = figures;
  const column = (head: string, cell: (step: StepFigures) => string): TextColumn => ({
    head,
    align: "left",
    cells: steps.map((step) => printable(cell(step))),
  });
  const errors = steps.some((step) => formatErrors(step) !== "");
  const rates = textTable(
    [column("rate", ({ rate }) => formatLoadRate(rate))],
    [
      column("n", ({ n }) => formatCount(n)),
      column(goodputName(record), formatGoodput),
      column("answers/s", ({ answersPerSecond }) => formatRate(answersPerSecond)),
      column("tokens/s", ({ tokensPerSecond }) =>
        tokensPerSecond === undefined ? MISSING : formatRate(tokensPerSecond),
      ),
      column("tokens/s of one answer", ({ perUser }) => formatPerUser(perUser)),
      ...(errors ? [column("failed", formatErrors)] : []),
    ],
    width,
  );
  const heading = `${printable(record.system.id)} (${printable(record.system.generator)}): load`;
  const prose = [describeLoad(record), kneeText(figures, record)].map((text) => wrapText(printable(text), width));
  return `${[
    heading,
    prose[0]!,
    rates,
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
