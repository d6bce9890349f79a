import { printable } from "../../lib/text.ts";
import type { ContextEffect } from "../conditions/context-effect.ts";
import { effectRows, effectText } from "../conditions/effects-text.ts";
import { cachedRemark, costColumns, costRemarks, costRows } from "../cost/cost-table.ts";
import { calibrationLines, calibrationMark, judgedColumns } from "../judged/judged-text.ts";
import { latencyGrids } from "../latency/latency-grids.ts";
import { judgingLines, refusedText } from "../refusal/judging-text.ts";
import type { Cell, MetricHead, Row, Summary, TablePart } from "../summary-types.ts";
import { formatCount, formatEstimate, formatLevel, MISSING, shortProtocol } from "../text/format-number.ts";

/** The tables in GitHub's Markdown, for a pull request or a job summary. Names are escaped: they cannot become markup. */
export function summaryMarkdown(summary: Summary): string {
  const parts: string[] = [];
  for (const suite of summary.suites) {
    for (const table of suite.tables) {
      const { dataset, level, protocol, differs } = table;
      parts.push(`## ${escapeText(suite.title ?? suite.id)}`);
      parts.push(
        `${escapeText(dataset.id)}, split ${escapeText(dataset.split)}: ${formatCount(dataset.queries)} questions. ` +
          `${formatLevel(level)} intervals. Protocol ${escapeText(shortProtocol(protocol))}.`,
      );
      for (const { field, value } of differs) parts.push(`Differs in ${escapeText(field)}: ${escapeText(value)}`);
      for (const part of table.parts)
        parts.push(
          partMarkdown(part),
          ...judgesMarkdown(part),
          ...latencyMarkdown(part.rows),
          ...costMarkdown(part.rows),
        );
      if (table.effects.length > 0) parts.push(effectsMarkdown(table.effects));
      for (const { run } of table.interrupted) parts.push(`Interrupted, not ranked: ${escapeText(run)}`);
    }
  }
  if (parts.length === 0) return "No runs.\n";
  parts.push(
    "**bold**: best. ≈: cannot be told apart from the best (paired randomization test, Holm over the column).",
  );
  return `${parts.join("\n\n")}\n`;
}

function partMarkdown(part: TablePart): string {
  const answers = part.kind === "answers";
  const heads = [
    "system",
    ...(answers ? ["context"] : []),
    ...part.metrics.map((metric) => escapeText(metric.name + calibrationMark(metric))),
  ];
  const counts = ["n", "failed", ...(answers ? ["refused"] : [])];
  const rows = part.rows.map((row) => [
    escapeText(row.run.system.title ?? row.run.system.id),
    ...(answers ? [escapeText(row.condition ?? "")] : []),
    ...row.cells.map((cell, at) => cellMarkdown(cell, row, part.metrics[at]!)),
    ...[row.questions, row.failed].map(formatCount),
    ...(answers ? [refusedText(row)] : []),
  ]);
  const line = (fields: readonly string[]): string => `| ${fields.join(" | ")} |`;
  const rule = [...heads.map(() => "---"), ...counts.map(() => "--:")];
  return [
    `### ${answers ? "Answers" : "Retrieval"}\n`,
    line([...heads, ...counts]),
    line(rule),
    ...rows.map(line),
  ].join("\n");
}

function judgesMarkdown(part: TablePart): string[] {
  const said = [...calibrationLines(part), ...judgingLines(part.rows)];
  if (said.length === 0) return [];
  const beside = judgedColumns(part);
  const line = (fields: readonly string[]): string => `| ${fields.join(" | ")} |`;
  const table = [
    line(beside.map(({ head }) => head)),
    line(beside.map(() => "---")),
    ...(beside[0]?.cells ?? []).map((_, at) => line(beside.map(({ cells }) => escapeText(cells[at]!)))),
  ];
  return [`### Judges\n\n${said.map(escapeText).join("\\\n")}`, ...(beside.length > 0 ? [table.join("\n")] : [])];
}

function effectsMarkdown(effects: readonly ContextEffect[]): string {
  const rows = effectRows(effects).map(({ system, condition, metric, gain, loss }) => [
    ...[system, condition, metric].map(escapeText),
    ...[gain, loss].map((effect) => effectText(effect).replace("[", "\\[").replace("]", "\\]")),
  ]);
  const heads = ["system", "context", "metric", "gain over closed-book", "loss to oracle"];
  const line = (fields: readonly string[]): string => `| ${fields.join(" | ")} |`;
  return ["### What retrieval changes\n", line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}

function costMarkdown(rows: readonly Row[]): string[] {
  const label = ({ run, condition = "" }: Row): string => `${run.system.title ?? run.system.id} ${condition}`;
  const priced = costRows(rows);
  const cached = cachedRemark(rows, label);
  const said = [...costRemarks(priced, label), ...(cached === undefined ? [] : [cached])].map(escapeText);
  if (priced.length === 0) return said;
  const columns = costColumns(priced);
  const line = (fields: readonly string[]): string => `| ${fields.join(" | ")} |`;
  const table = [
    "### Cost of answers, US dollars\n",
    line(["system", "context", ...columns.map(({ head }) => escapeText(head))]),
    line(["---", "---", ...columns.map(() => "--:")]),
    ...priced.map(({ row }, at) =>
      line([
        escapeText(row.run.system.title ?? row.run.system.id),
        escapeText(row.condition ?? ""),
        ...columns.map(({ cells }) => escapeText(cells[at]!)),
      ]),
    ),
  ];
  return [table.join("\n"), ...said];
}

function latencyMarkdown(rows: readonly Row[]): string[] {
  const passes = rows.flatMap(({ run, alone }) =>
    alone === undefined ? [] : [{ name: run.system.title ?? run.system.id, figures: alone }],
  );
  if (passes.length === 0) return [];
  const { latency, throughput, remarks } = latencyGrids(passes);
  const tables = [latency, throughput].map(({ title, keys, columns }) => {
    const all = [...keys, ...columns];
    const line = (fields: readonly string[]): string => `| ${fields.join(" | ")} |`;
    const rule = all.map(({ align }) => (align === "left" ? "---" : "--:"));
    const rows = keys[0]!.cells.map((_, at) => line(all.map(({ cells }) => escapeText(cells[at]!))));
    return [`### ${title}\n`, line(all.map(({ head }) => escapeText(head))), line(rule), ...rows].join("\n");
  });
  return [...tables, ...remarks.map(escapeText)];
}

function cellMarkdown(cell: Cell | undefined, row: Row, { range }: MetricHead): string {
  if (cell === undefined) return MISSING;
  const { estimate, standing } = cell;
  const text = formatEstimate(estimate, range).replace("[", "\\[").replace("]", "\\]");
  const marked = standing.kind === "best" ? `**${text}**` : standing.kind === "tied" ? `${text} ≈` : text;
  return estimate.n === row.questions ? marked : `${marked} (n ${formatCount(estimate.n)})`;
}

/**
 * Every character that Markdown or HTML could take for markup is written as itself; one line. GitHub and GitLab look for `@user`
 * and `#1` in what has been rendered, where escapes are gone: a space without width behind the sign keeps them from notifying.
 */
export function escapeText(text: string): string {
  return printable(text)
    .replace(/(?<!\w)[@#](?=\w)/g, "$&\u200b")
    .replace(/[\\`*_{}[\]()#+!|~<>&@:\u200b]/g, (c) => `&#${c.charCodeAt(0)};`);
}
