import { isAbsolute, relative, resolve } from "node:path";
import { DataError, UsageError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { tableRows } from "../../dataset/import/table-rows.ts";
import { quoteValue } from "../../lib/text.ts";
import type { LabelledAnswer } from "../../report/refusal/detector-check.ts";
import { type Deps, line } from "../deps.ts";

/** Where the labels are, and which column holds what. */
export interface RefusalLabelOptions {
  readonly labels: string | undefined;
  readonly answer: string;
  readonly refused: string;
  readonly flag: string | undefined;
  readonly id: string;
}

/** An answer with its label. */
export interface LabelRow {
  readonly answer: LabelledAnswer;
  /** What the system itself said. */
  readonly flag?: boolean;
  readonly cells: ReadonlyMap<string, unknown>;
  readonly where: string;
}

/** Problems of a file that are told; a file of another form has one in every row. */
const MOST_PROBLEMS = 20;

/**
 * Streams labelled answers; after the last one all rows that cannot be read are thrown at once.
 * @param texts whether a row must have the answer's text, or names an answer that is elsewhere
 * @throws UsageError where no file is named; DataError (E_REFUSAL_LABELS)
 */
export async function* readRefusalLabels(
  options: RefusalLabelOptions,
  { cwd, stderr }: Pick<Deps, "cwd" | "stderr">,
  texts: "needed" | "elsewhere" = "needed",
): AsyncGenerator<LabelRow> {
  if (options.labels === undefined) throw noLabels();
  const path = resolve(cwd, options.labels);
  const shown = isAbsolute(options.labels) ? options.labels : relative(cwd, path);
  const problems: Problem[] = [];
  let rows = 0;
  let answers = 0;
  for await (const row of tableRows(path, (note) => line(stderr, note))) {
    rows += 1;
    if (!row.problems && row.cells.has(options.answer)) answers += 1;
    const read = row.problems
      ? { problems: row.problems }
      : readRow(row.cells, row.where.replace(path, shown), options);
    if ("problems" in read) problems.push(...read.problems.slice(0, MOST_PROBLEMS - problems.length));
    else yield read;
  }
  if (texts === "needed" && answers === 0) problems.unshift(noAnswers(shown, options.answer, rows));
  if (problems.length > 0) throw new DataError(problems);
}

type Read = LabelRow | { readonly problems: readonly Problem[] };

function readRow(cells: ReadonlyMap<string, unknown>, where: string, options: RefusalLabelOptions): Read {
  const problems: Problem[] = [];
  const say = (column: string, name: string, expected: string, got: unknown): void => {
    const fix = cells.has(column)
      ? `correct the cell, or name another column with ${name}`
      : `name its column with ${name}`;
    problems.push({ code: "E_REFUSAL_LABELS", where: `${where} ${column}`, expected, got: quoteValue(got), fix });
  };
  // An empty cell is an empty answer; that no row has the column at all is told once, for the file.
  const text = cells.get(options.answer) ?? "";
  if (typeof text !== "string") say(options.answer, "--answer", "the text of an answer", text);
  const label = truth(cells.get(options.refused));
  if (label === undefined) say(options.refused, "--refused", "true or false", cells.get(options.refused));
  const said = options.flag === undefined ? undefined : cells.get(options.flag);
  const flag = truth(said);
  if (said !== undefined && flag === undefined) say(options.flag!, "--flag", "true or false", said);
  if (problems.length > 0 || typeof text !== "string" || label === undefined) return { problems };
  const id = cells.get(options.id);
  const answer = { id: typeof id === "string" || typeof id === "number" ? String(id) : where, text, refused: label };
  return { answer, cells, where, ...(flag !== undefined && { flag }) };
}

const WORDS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  ...["true", "yes", "y", "1"].map((word) => [word, true] as const),
  ...["false", "no", "n", "0"].map((word) => [word, false] as const),
]);

/** @returns undefined where the cell says neither */
function truth(cell: unknown): boolean | undefined {
  return typeof cell === "boolean"
    ? cell
    : WORDS.get(
        String(cell ?? "")
          .trim()
          .toLowerCase(),
      );
}

function noLabels(): UsageError {
  const fix = "write for example bench refusal check --labels labels.csv";
  return new UsageError({
    code: "E_USAGE",
    where: "--labels",
    expected: "a file of labelled answers",
    got: "none",
    fix,
  });
}

function noAnswers(where: string, column: string, rows: number): Problem {
  const got = rows === 0 ? "an empty table" : `${rows} rows without it`;
  const fix =
    "give it a row per answer, with the columns answer and refused, or name yours with --answer and --refused";
  return { code: "E_REFUSAL_LABELS", where, expected: `answers in a column ${quoteValue(column)}`, got, fix };
}
