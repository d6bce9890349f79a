import { printable, truncate } from "../../lib/text.ts";
import { effectsText } from "../conditions/effects-text.ts";
import { cachedRemark, costColumns, costRemarks, costRows } from "../cost/cost-table.ts";
import { calibrationLines, calibrationMark, judgedColumns } from "../judged/judged-text.ts";
import { latencyTables } from "../latency/latency-tables.ts";
import { judgingLines, refusedText } from "../refusal/judging-text.ts";
import type { Cell, MetricHead, ProtocolTable, Row, Summary, TablePart } from "../summary-types.ts";
import {
  formatCount,
  formatDuration,
  formatEstimate,
  formatLevel,
  MISSING,
  shortProtocol,
} from "../text/format-number.ts";
import { type TextColumn, textTable, wrapText } from "../text/text-table.ts";
import { spreadText } from "../trials/spread-text.ts";

export interface TerminalOptions {
  /** Width of the terminal in cells. */
  readonly columns: number;
  /** Whether to colour; whoever calls has looked at NO_COLOR and at what standard output is. */
  readonly color: boolean;
}

const MARKS = { best: "*", tied: "~", behind: " ", unranked: " " } as const;

/**
 * The result tables as text: per suite and protocol one table of rankings (a row per system) and one of answers (a row
 * per system and condition). Every number stands with its interval; its n is said where it is not the row's. Text from
 * outside is made printable. Where the terminal is narrow, columns go into blocks one below the other.
 */
export function terminalSummary(summary: Summary, options: TerminalOptions): string {
  const paint = painter(options.color);
  const parts: string[] = [];
  for (const suite of summary.suites) {
    for (const table of suite.tables) {
      parts.push(heading(suite.title ?? suite.id, table, options, paint));
      for (const part of table.parts) if (part.rows.length > 0) parts.push(partText(part, options, paint));
      if (table.effects.length > 0) parts.push(effectsText(table.effects, options.columns, paint.bold));
      if (table.trials.length > 0) parts.push(spreadText(table.trials, options.columns, paint.bold));
      for (const head of table.interrupted) {
        const text = `interrupted, not ranked: ${printable(head.run)}; go on with: ${printable(head.command)}`;
        parts.push(wrapText(text, options.columns));
      }
    }
  }
  if (parts.length === 0) return "no runs\n";
  const rows = summary.suites.flatMap((s) => s.tables.flatMap((t) => t.parts.flatMap((p) => p.rows)));
  const levels = new Set(summary.suites.flatMap((s) => s.tables.map((t) => t.level)));
  parts.push(paint.dim(legend([...levels], rows, options.columns)));
  return `${parts.join("\n\n")}\n`;
}

function heading(title: string, table: ProtocolTable, { columns }: TerminalOptions, paint: Painter): string {
  const { id, split, queries, passages } = table.dataset;
  const counts = `${formatCount(queries)} questions, ${formatCount(passages)} passages`;
  const facts = `${printable(id)} ${printable(split)}: ${counts}; protocol ${shortProtocol(table.protocol)}`;
  const differs = table.differs.map(({ field, value }) => `differs in ${printable(field)}: ${printable(value)}`);
  const [bold, ...lines] = [printable(title), facts, ...differs].map((line) => wrapText(line, columns));
  return [paint.bold(bold!), ...lines].join("\n");
}

function partText(part: TablePart, options: TerminalOptions, paint: Painter): string {
  const answers = part.kind === "answers";
  const { rows } = part;
  // A third of a narrow terminal for the system's name leaves room for one number with its interval.
  const nameWidth = Math.max(8, Math.min(32, Math.floor(options.columns / 3)));
  const nameOf = ({ system }: Row["run"]) => truncate(printable(system.title ?? system.id), nameWidth);
  const column = (head: string, align: "left" | "right", cell: (row: Row) => string): TextColumn => ({
    head: paint.dim(head),
    align,
    cells: rows.map(cell),
  });
  const keys = [
    column("system", "left", ({ run }) => nameOf(run)),
    ...(answers ? [column("context", "left", (row) => printable(row.condition ?? ""))] : []),
  ];
  const columns = [
    column("n", "right", (row) =>
      row.trials === 1 ? formatCount(row.questions) : `${formatCount(row.questions)}×${row.trials}`,
    ),
    column("failed", "right", (row) => alarm(row.failed, paint)),
    ...(answers ? [column("refused", "right", refusedText)] : []),
    ...part.metrics.map((metric, at) => {
      const notes = rows.map((row) => countNote(row.cells[at], row));
      // What holds for the whole column is said once, in its head.
      const shared = new Set(notes).size === 1 && notes[0] !== "" ? ` (${notes[0]})` : "";
      const cells = rows.map((row, i) => cellText(row.cells[at], shared === "" ? notes[i]! : "", metric, paint));
      return { ...column(metricTitle(metric) + calibrationMark(metric) + shared, "left", () => ""), cells };
    }),
    ...(rows.some((row) => row.latency) && rows.every((row) => row.alone === undefined)
      ? [
          column("p50", "right", (row) => (row.latency ? formatDuration(row.latency.p50) : MISSING)),
          column("p95", "right", (row) => (row.latency ? formatDuration(row.latency.p95) : MISSING)),
        ]
      : []),
  ];
  const title = answers ? "Answers" : "Retrieval";
  const table = `${paint.bold(title)}\n${textTable(keys, columns, options.columns)}`;
  const costs = answers ? costText(rows, [nameOf, (row) => printable(row.condition ?? "")], options, paint) : "";
  const passes = rows.flatMap(({ run, alone }) => (alone === undefined ? [] : [{ name: nameOf(run), figures: alone }]));
  const latency = passes.length === 0 ? "" : latencyTables(passes, options.columns, paint);
  return [table, judgesText(part, options, paint), latency, costs].filter(Boolean).join("\n\n");
}

function judgesText(part: TablePart, { columns }: TerminalOptions, paint: Painter): string {
  const lines = [...calibrationLines(part), ...judgingLines(part.rows).map(printable)].map((said) =>
    wrapText(said, columns),
  );
  if (lines.length === 0) return "";
  const beside = judgedColumns(part);
  const table = beside.length === 0 ? [] : ["", textTable(beside.slice(0, 3), beside.slice(3), columns)];
  return [paint.bold("Judges"), ...lines, ...table].join("\n");
}

function costText(
  rows: readonly Row[],
  [nameOf, contextOf]: readonly [(head: Row["run"]) => string, (row: Row) => string],
  { columns }: TerminalOptions,
  paint: Painter,
): string {
  const label = (row: Row): string => `${nameOf(row.run)} ${contextOf(row)}`;
  const priced = costRows(rows);
  const cached = cachedRemark(rows, label);
  const dim = (lines: readonly string[]): string => lines.map((line) => paint.dim(wrapText(line, columns))).join("\n");
  if (priced.length === 0) return cached === undefined ? "" : dim([cached]);
  const keys: TextColumn[] = [
    { head: paint.dim("system"), align: "left", cells: priced.map(({ row }) => nameOf(row.run)) },
    { head: paint.dim("context"), align: "left", cells: priced.map(({ row }) => contextOf(row)) },
  ];
  const figures = costColumns(priced).map(({ head, cells }) => ({
    head: paint.dim(head),
    align: "right" as const,
    cells,
  }));
  const remarks = [...costRemarks(priced, label), ...(cached === undefined ? [] : [cached])];
  return `${paint.bold("Cost of answers, US dollars")}\n${textTable(keys, figures, columns)}\n${dim(remarks)}`.trimEnd();
}

function metricTitle(metric: MetricHead): string {
  return metric.better === "lower" ? `${printable(metric.name)} (low is good)` : printable(metric.name);
}

/** What a number's n is, where it is not the row's. */
function countNote(cell: Cell | undefined, row: Row): string {
  if (cell === undefined || cell.estimate.n === row.questions) return "";
  const { n, unscored } = cell.estimate;
  return `n=${formatCount(n)}${unscored > 0 ? `, ${formatCount(unscored)} unscored` : ""}`;
}

function cellText(cell: Cell | undefined, note: string, metric: MetricHead, paint: Painter): string {
  if (cell === undefined) return MISSING;
  const text = `${formatEstimate(cell.estimate, metric.range)} ${MARKS[cell.standing.kind]} ${note}`.trimEnd();
  return cell.standing.kind === "best" ? paint.green(text) : text;
}

function alarm(count: number, paint: Painter): string {
  return count > 0 ? paint.red(formatCount(count)) : "0";
}

function legend(levels: readonly number[], rows: readonly Row[], columns: number): string {
  const percent = levels.map(formatLevel).join(" or ");
  const marked = rows.some((row) => row.cells.some((cell) => cell?.standing.kind === "best"));
  const marks = "* best   ~ cannot be told apart from the best (paired randomization test, Holm over the column)";
  const counts = `[low, high]: ${percent} interval. n: questions asked; a failed one scores the metric's floor, a refusal counts as no answer.`;
  const reasons = rows.flatMap(({ cells }) =>
    cells.flatMap((cell) =>
      cell?.estimate.state === "not-estimable" && cell.estimate.n + cell.estimate.unscored > 0
        ? [cell.estimate.reason]
        : [],
    ),
  );
  const missing = reasons.length > 0 ? [`${MISSING} no estimate: ${[...new Set(reasons)].join("; ")}.`] : [];
  return [...(marked ? [marks] : []), counts, ...missing].map((line) => wrapText(line, columns)).join("\n");
}

interface Painter {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly green: (text: string) => string;
  readonly red: (text: string) => string;
}

function painter(color: boolean): Painter {
  const style = (open: number, close: number) => (text: string) =>
    color ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return { bold: style(1, 22), dim: style(2, 22), green: style(32, 39), red: style(31, 39) };
}
