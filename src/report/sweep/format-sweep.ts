import { field } from "../summary/summary-csv.ts";
import type { SummaryFormat } from "../summary/summary-formats.ts";
import { escapeText } from "../summary/summary-markdown.ts";
import { formatCount, formatEstimate } from "../text/format-number.ts";
import { recommend } from "./recommend.ts";
import type { SweepTable } from "./sweep-table.ts";
import { sweepText } from "./sweep-text.ts";

/** A sweep in the format asked for. @param columns width of the terminal */
export function formatSweep(table: SweepTable, format: SummaryFormat, columns: number): string {
  switch (format) {
    case "text":
      return sweepText(table, columns);
    case "json":
      return `${JSON.stringify({ ...table, recommendation: recommend(table) }, undefined, 2)}\n`;
    case "csv":
      return sweepCsv(table);
    case "markdown":
      return sweepMarkdown(table);
  }
}

/** One line per cell and metric, full precision. Differences are cell - best, of the metric that cells are chosen by. */
function sweepCsv({ axes, columns, chosenBy, rows }: SweepTable): string {
  const head = [...axes, "metric", "mean", "low", "high", "level", "method", "n", "failed", "missed", "passages"];
  const lines: (readonly (string | number | undefined)[])[] = [
    [...head, "standing", "difference", "difference_low", "difference_high", "p", "p_holm"],
  ];
  for (const { settings, estimates, standing, failed, missed, passages } of rows) {
    for (const [at, { name }] of columns.entries()) {
      const estimate = estimates[at]!;
      const known = estimate.state === "estimated" ? estimate : undefined;
      const evidence = standing.kind === "tied" || standing.kind === "behind" ? standing : undefined;
      const difference = evidence?.difference.state === "estimated" ? evidence.difference : undefined;
      const compared = [
        standing.kind,
        difference?.mean,
        difference?.low,
        difference?.high,
        evidence?.p,
        evidence?.pHolm,
      ];
      lines.push([
        ...settings,
        ...[name, known?.mean, known?.low, known?.high, known?.level, known?.method],
        ...[estimate.n, failed[at], missed, passages],
        ...(at === chosenBy ? compared : compared.map(() => undefined)),
      ]);
    }
  }
  return lines.map((fields) => `${fields.map(field).join(",")}\r\n`).join("");
}

function sweepMarkdown(table: SweepTable): string {
  const { system, dataset, split, questions, axes, columns, chosenBy, rows } = table;
  const { advice, evidence, cautions } = recommend(table);
  const line = (fields: readonly string[]): string => `| ${fields.join(" | ")} |`;
  const body = rows.map(({ settings, estimates, standing, passages }) =>
    line([
      ...settings.map(escapeText),
      ...columns.map(({ head }, at) => {
        const text = formatEstimate(estimates[at]!, head.range).replace("[", "\\[").replace("]", "\\]");
        if (at !== chosenBy) return text;
        return standing.kind === "best" ? `**${text}**` : standing.kind === "tied" ? `${text} ≈` : text;
      }),
      formatCount(passages),
      formatCount(estimates[chosenBy]!.n),
    ]),
  );
  const heads = [...axes, ...columns.map(({ name }) => name), "passages", "n"].map(escapeText);
  return `${[
    `## ${escapeText(system)} on ${escapeText(dataset)}, split ${escapeText(split)}: ${formatCount(questions)} questions`,
    [line(heads), line(heads.map(() => "---")), ...body].join("\n"),
    escapeText(advice),
    evidence.map((text) => `- ${escapeText(text)}`).join("\n"),
    ...cautions.map(escapeText),
  ].join("\n\n")}\n`;
}
