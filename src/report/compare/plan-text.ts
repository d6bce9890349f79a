import type { PlannedMetric, QuestionPlan } from "../../gate/index.ts";
import { printable } from "../../lib/text.ts";
import { formatCount, formatLevel, formatValue } from "../text/format-number.ts";
import { type TextColumn, textTable, wrapText } from "../text/text-table.ts";
import { widthOf } from "./comparison-cells.ts";

/** A plan of questions for a terminal: plain text, no colour. @param width in cells */
export function planText(plan: QuestionPlan, width: number): string {
  const { metrics, questions, notes } = plan;
  const column = (head: string, align: TextColumn["align"], cell: (row: PlannedMetric) => string): TextColumn => ({
    head,
    align,
    cells: metrics.map(cell),
  });
  const bound = plan.basis === "bound" ? "at most " : "";
  const columns = [
    column("pilot n", "right", ({ n }) => formatCount(n)),
    column("these tell", "right", (row) => tells(row, row.detectable)),
    ...(questions === undefined
      ? []
      : [column(`${formatCount(questions)} tell`, "right", (row) => tells(row, row.detectableWithAll))]),
    column("to tell", "right", ({ effect, range }) => formatValue(effect, widthOf(range))),
    column("questions needed", "right", ({ needed }) =>
      needed.state === "unknown"
        ? printable(needed.reason)
        : `${bound}${formatCount(needed.queries)}${needed.clusters === undefined ? "" : ` in ${formatCount(needed.clusters)} documents`}`,
    ),
  ];
  const keys = [
    column("metric", "left", ({ metric }) => printable(metric)),
    column("context", "left", ({ condition }) => printable(condition)),
  ];
  return `${[textTable(keys, columns, width), footnotes(plan, width), ...notes.map((note) => wrapText(`note: ${printable(note)}`, width))].join("\n\n")}\n`;
}

function tells({ range }: PlannedMetric, found: PlannedMetric["detectable"] | undefined): string {
  return found?.state === "known" ? formatValue(found.difference, widthOf(range)) : "—";
}

function footnotes({ basis, power, alpha, family }: QuestionPlan, width: number): string {
  const rate =
    family === 1
      ? `error rate ${alpha}`
      : `error rate ${alpha} over ${family} differences (each held to ${Number((alpha / family).toPrecision(2))})`;
  return [
    `a true difference of this size is told with a probability of ${formatLevel(power)}; ${rate}`,
    ...(basis === "bound"
      ? [
          "from one run: as if another's scores did not go with its own; two systems on the same questions nearly always do, and then fewer are enough. Name two runs for what they show",
        ]
      : []),
  ]
    .map((text) => wrapText(text, width))
    .join("\n");
}
