import { printable, truncate } from "../../lib/text.ts";
import { formatCount, formatEstimate, formatLevel, formatValue } from "../text/format-number.ts";
import { type TextColumn, textTable, wrapText } from "../text/text-table.ts";
import type { Diagnosis, QuestionClass } from "./diagnosis.ts";

export interface DiagnosisTextOptions {
  /** Width of the terminal in cells. */
  readonly columns: number;
  /** Ids of the run's questions, in its order. */
  readonly ids: readonly string[];
  /** How many ids of each class are named. */
  readonly named: number;
}

/** The diagnosis for a terminal: shares with intervals, the questions behind them, overlap and ties. */
export function diagnosisText(diagnosis: Diagnosis, options: DiagnosisTextOptions): string {
  const { columns } = options;
  const { run, n, withoutGold, depth, level, ranks, causes } = diagnosis;
  const counts = `${formatCount(n)} questions with gold, ${formatCount(withoutGold)} without; ${formatCount(depth)} passages retrieved for each; ${formatLevel(level)} intervals`;
  const blocks = [
    [`Retrieval diagnosis of ${printable(run)}`, counts],
    [classTable("where the first gold stands", ranks, columns)],
    [classTable("what else happened", causes, columns), ...missingTexts(diagnosis)],
    tieLines(diagnosis),
    overlapLines(diagnosis, columns),
    ...[...ranks.filter(({ id }) => id !== "top"), ...causes].flatMap((found) =>
      found.questions.length === 0 ? [] : [questionLines(found, options)],
    ),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => (line.includes("\n") ? line : wrapText(line, columns))).join("\n"))
    .join("\n\n")}\n`;
}

function classTable(head: string, classes: readonly QuestionClass[], columns: number): string {
  const titles = narrow({ head, align: "left", cells: classes.map(({ title }) => title) }, columns);
  return textTable(
    [titles],
    [
      { head: "questions", align: "right", cells: classes.map(({ questions }) => formatCount(questions.length)) },
      { head: "share", align: "left", cells: classes.map(({ share }) => formatEstimate(share, [0, 1])) },
    ],
    columns,
  );
}

function missingTexts({ textsMissing }: Diagnosis): string[] {
  if (textsMissing === 0) return [];
  const counts = `${formatCount(textsMissing)} questions`;
  return [
    `For ${counts} a near-duplicate may have been overlooked: the run keeps the texts of the first passages only.`,
  ];
}

/** A first column that leaves room for one with a number and its interval. */
function narrow({ head, align, cells }: TextColumn, columns: number): TextColumn {
  const [title, ...rest] = [head, ...cells].map((text) => truncate(text, Math.max(12, columns - 24)));
  return { head: title!, align, cells: rest };
}

/** What the order of equal scores could change. */
export function tieLines({ ties }: Diagnosis): string[] {
  return ties.map(({ k, share, least, most }) => {
    const [given, low, high] = [share, least, most].map((x) => formatValue(x, [0, 1]));
    return least === most
      ? `Gold in the first ${k}: ${given} of the questions, whatever the order of equal scores.`
      : `Gold in the first ${k}: ${given} of the questions; ${low} to ${high} by the order of equal scores.`;
  });
}

function overlapLines({ overlap }: Diagnosis, columns: number): string[] {
  if (overlap.groups.length === 0) return [];
  const range = ({ from, to }: { from: number; to: number }): string =>
    [from, to].map((x) => `${Math.round(100 * x)}`).join(" to ");
  const table = textTable(
    [
      narrow(
        { head: "words of the question in its gold, %", align: "left", cells: overlap.groups.map(range) },
        columns,
      ),
    ],
    [
      { head: "n", align: "right", cells: overlap.groups.map(({ success }) => formatCount(success.n)) },
      {
        head: `gold in the first ${overlap.k}`,
        align: "left",
        cells: overlap.groups.map(({ success }) => formatEstimate(success, [0, 1])),
      },
    ],
    columns,
  );
  return [table, ...(overlap.unknown > 0 ? [`${formatCount(overlap.unknown)} questions have no overlap.`] : [])];
}

function questionLines({ title, hint, questions }: QuestionClass, { ids, named }: DiagnosisTextOptions): string[] {
  const shown = questions.slice(0, named).map((at) => printable(ids[at] ?? "?"));
  const more = questions.length - shown.length;
  return [
    `${title}: ${hint}`,
    ...(named > 0 ? [`  ${shown.join(", ")}${more > 0 ? ` and ${formatCount(more)} more` : ""}`] : []),
  ];
}
