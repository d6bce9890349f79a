import stringWidth from "string-width";
import { printable } from "../lib/text.ts";
import {
  CELL_HEADS,
  type CheckCells,
  checkCells,
  explain,
  explainFailures,
  explainUnscored,
  footnote,
  NUMERIC,
  runLabel,
} from "./describe-check.ts";
import type { GateVerdict } from "./verdict.ts";

const COLUMNS = Object.keys(CELL_HEADS) as (keyof CheckCells)[];

/** The verdict, a table of the checks, and a sentence for every check that did not plainly pass. Plain text, no colour. */
export function gateText(verdict: GateVerdict): string {
  const { checks, failures, unscored, notes } = verdict;
  const said = checks
    .filter((check) => check.verdict !== "pass" || check.p === undefined)
    .map((check) => `${check.verdict}: ${printable(check.metric)} ${printable(check.condition)}: ${explain(check)}`);
  return [
    `gate: ${verdict.verdict}`,
    `  baseline   ${runLabel(verdict.baseline)}`,
    `  candidate  ${runLabel(verdict.candidate)}`,
    `  suite      ${printable(verdict.suite)}`,
    "",
    ...table([CELL_HEADS, ...checks.map(checkCells)]),
    "",
    ...said,
    ...(failures.failed > 0 ? [`${failures.verdict}: ${explainFailures(failures)}`] : []),
    ...unscored
      .filter((check) => check.unscored > 0)
      .map(
        (check) =>
          `${check.verdict}: ${printable(check.metric)} ${printable(check.condition)}: ${explainUnscored(check)}`,
      ),
    ...notes.map((note) => `note: ${printable(note)}`),
    footnote(verdict),
    "",
  ].join("\n");
}

function table(rows: readonly CheckCells[]): string[] {
  const widths = new Map(COLUMNS.map((key) => [key, Math.max(...rows.map((row) => stringWidth(row[key])))]));
  return rows.map((row) =>
    COLUMNS.map((key) => {
      const space = " ".repeat(widths.get(key)! - stringWidth(row[key]));
      return NUMERIC.has(key) ? space + row[key] : row[key] + space;
    })
      .join("  ")
      .trimEnd(),
  );
}
