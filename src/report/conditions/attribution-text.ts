import { printable } from "../../lib/text.ts";
import { formatCount, formatEstimate } from "../text/format-number.ts";
import { textTable, wrapText } from "../text/text-table.ts";
import type { FailureAttribution } from "./attribute-failures.ts";
import type { FailureClass } from "./failure-classes.ts";
import { rightnessText } from "./rightness.ts";

export interface AttributionTextOptions {
  /** Width of the terminal in cells. */
  readonly columns: number;
  /** Ids of the run's questions, in its order. */
  readonly ids: readonly string[];
  /** How many ids of each class are named. */
  readonly named: number;
}

/** Who lost the answers, for a terminal: a block per rag condition. */
export function attributionText(found: readonly FailureAttribution[], options: AttributionTextOptions): string {
  return found.map((attribution) => `${blockText(attribution, options)}\n`).join("\n");
}

function blockText(attribution: FailureAttribution, options: AttributionTextOptions): string {
  const { condition, outcomes, compared } = attribution;
  const { columns } = options;
  const tables = [classTable("what became of the answers", outcomes, columns)];
  if (compared.length > 0) tables.push(classTable("against the other contexts", compared, columns));
  const lists = [...outcomes, ...compared]
    .filter(({ id, questions }) => id !== "right-with" && questions.length > 0)
    .map((found) => questionLines(found, options));
  return [
    `Answers under ${printable(condition)}\n${wrapText(aboutAttribution(attribution), columns)}`,
    ...tables,
    ...lists,
  ].join("\n\n");
}

/** What is counted, in a sentence. */
export function aboutAttribution({ n, right }: FailureAttribution): string {
  return `${formatCount(n)} questions with gold; right: ${printable(rightnessText(right))}, on average over the trials.`;
}

function classTable(head: string, classes: readonly FailureClass[], columns: number): string {
  return textTable(
    [{ head, align: "left", cells: classes.map(({ title }) => title) }],
    [
      { head: "questions", align: "right", cells: classes.map(({ questions }) => formatCount(questions.length)) },
      { head: "share", align: "left", cells: classes.map(({ share }) => formatEstimate(share, [0, 1])) },
    ],
    columns,
  );
}

function questionLines(
  { title, hint, questions }: FailureClass,
  { ids, named, columns }: AttributionTextOptions,
): string {
  const shown = questions.slice(0, named).map((at) => printable(ids[at] ?? "?"));
  const more = questions.length - shown.length;
  const list = `  ${shown.join(", ")}${more > 0 ? ` and ${formatCount(more)} more` : ""}`;
  return [wrapText(`${title}: ${hint}`, columns), ...(named > 0 ? [list] : [])].join("\n");
}
