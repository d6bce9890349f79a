import { field } from "../summary/summary-csv.ts";
import type { SummaryFormat } from "../summary/summary-formats.ts";
import { escapeText } from "../summary/summary-markdown.ts";
import { formatCount, formatEstimate, MISSING } from "../text/format-number.ts";
import type { ProbeTable } from "./probe-table.ts";
import { probeText } from "./probe-text.ts";
import { apartWord, contrastText, differenceText, ownCount, questionCount } from "./probe-words.ts";

/** A probe in the format asked for. @param columns width of the terminal */
export function formatProbe(table: ProbeTable, format: SummaryFormat, columns: number): string {
  switch (format) {
    case "text":
      return probeText(table, columns);
    case "json":
      return `${JSON.stringify(table, undefined, 2)}\n`;
    case "csv":
      return probeCsv(table);
    case "markdown":
      return probeMarkdown(table);
  }
}

/** One line per cell and column, and one per further comparison, full precision. */
function probeCsv({ columns, facts, rows, reference, contrasts }: ProbeTable): string {
  const lines: (readonly (string | number | undefined)[])[] = [
    [
      ...["cell", "metric", "mean", "low", "high", "level", "method", "n", "failed", "unscored", "blocked"],
      ...["compared_with", "difference", "difference_low", "difference_high", "p", "p_holm", ...facts],
    ],
  ];
  const compared = (with_: string, one: (typeof contrasts)[number] | (typeof rows)[number]["differences"][number]) => {
    const { mean, low, high } = one?.difference ?? {};
    return [one && with_, mean, low, high, one?.p, one?.pHolm];
  };
  for (const row of rows) {
    for (const [at, { name }] of columns.entries()) {
      const estimate = row.estimates[at];
      const known = estimate?.state === "estimated" ? estimate : undefined;
      lines.push([
        ...[row.label, name, known?.mean, known?.low, known?.high, known?.level, known?.method],
        ...[estimate?.n, estimate?.failed, estimate?.unscored, row.blocked],
        ...compared(rows[reference]!.label, row.differences[at]),
        ...row.facts,
      ]);
    }
  }
  for (const contrast of contrasts) {
    const empty = Array.from({ length: 9 }, () => undefined);
    lines.push([
      contrast.a,
      contrast.column,
      ...empty,
      ...compared(contrast.b, contrast),
      ...facts.map(() => undefined),
    ]);
  }
  return lines.map((fields) => `${fields.map(field).join(",")}\r\n`).join("");
}

function probeMarkdown(table: ProbeTable): string {
  const { title, system, dataset, split, questions, columns, facts, rows, reference, level, contrasts, notes } = table;
  const line = (fields: readonly string[]): string => `| ${fields.join(" | ")} |`;
  const heads = ["", ...columns.flatMap(({ name }) => [name, `− ${rows[reference]!.label}`]), "n", ...facts];
  const body = rows.map(({ label, estimates, differences, blocked, facts: counts }) =>
    line(
      [
        label,
        ...columns.flatMap((head, at) => {
          const [estimate, one] = [estimates[at], differences[at]];
          const score = estimate
            ? `${formatEstimate(estimate, head.range)} ${ownCount(estimates, at)}`.trim()
            : ((at === 0 ? blocked : undefined) ?? MISSING);
          return [score, one ? `${differenceText(one, head)} ${apartWord(one, level)}`.trim() : MISSING];
        }),
        ...[estimates[0]?.n, ...counts].map((n) => (n === undefined ? MISSING : formatCount(Math.round(n)))),
      ].map(escapeText),
    ),
  );
  return `${[
    `## ${escapeText(title)}: ${escapeText(system)} on ${escapeText(dataset)}, split ${escapeText(split)}: ${questionCount(questions)}`,
    [line(heads.map(escapeText)), line(heads.map(() => "---")), ...body].join("\n"),
    [...contrasts.map((contrast) => contrastText(contrast, table)), ...notes]
      .map((text) => `- ${escapeText(text)}`)
      .join("\n"),
  ].join("\n\n")}\n`;
}
