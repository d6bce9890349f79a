import { printable, truncate } from "../../lib/text.ts";
import { formatCount } from "../text/format-number.ts";
import { wrapText } from "../text/text-table.ts";
import type { SameAnswers } from "./same-answers.ts";

/** The lines for a terminal. */
export function sameAnswersText(found: readonly SameAnswers[], columns: number): string {
  return sameAnswersLines(found)
    .map((line) => `${wrapText(line, columns)}\n`)
    .join("");
}

/** A line per condition: `rag@3: 12 of 71 answers are word for word those to another question, most often (8) "…"`. */
export function sameAnswersLines(found: readonly SameAnswers[]): string[] {
  return found.map(({ condition, answered, shared, most }) => {
    const first = most[0]!;
    return `${printable(condition)}: ${formatCount(shared)} of ${formatCount(answered)} answers are word for word those to another question, most often (${formatCount(first.questions)}) “${truncate(printable(first.text), 80)}”`;
  });
}
