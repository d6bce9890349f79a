import type { Problem } from "../core/problem.ts";
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
} from "./describe-check.ts";
import type { GateVerdict, RunName } from "./verdict.ts";

const COLUMNS = Object.keys(CELL_HEADS) as (keyof CheckCells)[];
const MARKS = { pass: "✅", fail: "❌", "cannot tell": "❔" } as const;

/** The verdict as GitHub-flavoured Markdown, short enough for a comment on a pull request. */
export function gateMarkdown(verdict: GateVerdict): string {
  const { checks, failures, unscored, notes, baseline, candidate, suite } = verdict;
  const said = checks
    .filter((check) => check.verdict !== "pass" || check.p === undefined)
    .map((check) => `- **${check.verdict}**: ${code(check.metric)} ${code(check.condition)}: ${plain(explain(check))}`);
  return [
    `### ${MARKS[verdict.verdict]} Gate: ${verdict.verdict}`,
    "",
    `Suite ${code(suite)}: candidate ${name(candidate)} against baseline ${name(baseline)}.`,
    "",
    row(COLUMNS.map((key) => CELL_HEADS[key])),
    row(COLUMNS.map((key) => (NUMERIC.has(key) ? "---:" : "---"))),
    ...checks.map((check) => {
      const cells = checkCells(check);
      return row(
        COLUMNS.map((key) => {
          if (key === "verdict") return `${MARKS[check.verdict]} ${cells[key]}`;
          return key === "metric" || key === "condition" ? codeCell(cells[key]) : cells[key].replace("<", "&lt;");
        }),
      );
    }),
    "",
    ...said,
    ...(failures.failed > 0 ? [`- **${failures.verdict}**: ${explainFailures(failures)}`] : []),
    ...unscored
      .filter((check) => check.unscored > 0)
      .map(
        (check) => `- **${check.verdict}**: ${code(check.metric)} ${code(check.condition)}: ${explainUnscored(check)}`,
      ),
    ...notes.map((note) => `- Note: ${code(note)}`),
    "",
    `<sub>${footnote(verdict)}</sub>`,
    "",
  ].join("\n");
}

/** Runs that cannot be compared: each reason with what to do. */
export function refusalMarkdown(problems: readonly Problem[]): string {
  return [
    "### ⛔ Gate: refused",
    "",
    "The runs cannot be compared, so there is no verdict.",
    "",
    ...problems.map(
      ({ code: id, where, expected, got, fix }) =>
        `- ${code(where)} (${id}): expected ${code(expected)}, got ${code(got)}; fix: ${code(fix)}`,
    ),
    "",
  ].join("\n");
}

function name({ system, run }: RunName): string {
  return `${code(system)} (${code(run)})`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/**
 * Text from outside as a code span: there nothing is markup, and `@name` mentions nobody. A code span cannot hold its own
 * delimiter, so a backtick becomes an apostrophe.
 */
function code(text: string): string {
  return `\`${printable(text).replaceAll("`", "'")}\``;
}

/** A sentence, in which a name may stand: no character of it is markup, and GitHub finds no `@user` and no `#1` in it. */
function plain(text: string): string {
  return text.replace(/[\\`*[\]<>&|~]/g, "\\$&").replace(/(?<!\w)[@#](?=\w)/g, "$&\u200b");
}

/** In a table a bar ends the cell even within code. */
function codeCell(text: string): string {
  return code(text).replaceAll("|", "\\|");
}
