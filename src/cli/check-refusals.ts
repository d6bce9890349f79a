import { isAbsolute, relative, resolve } from "node:path";
import { findProject, loadSuite } from "../config/index.ts";
import { DataError, EXIT, UsageError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { seeded } from "../core/rng.ts";
import { tableRows } from "../dataset/import/table-rows.ts";
import { quoteValue } from "../lib/text.ts";
import { refusalDetector } from "../metric/index.ts";
import { DetectorTally, type LabelledAnswer } from "../report/refusal/detector-check.ts";
import { detectorText } from "../report/refusal/detector-text.ts";
import { type Deps, line, terminalOf } from "./deps.ts";

export interface RefusalCheckOptions {
  readonly labels: string | undefined;
  readonly suite: string | undefined;
  readonly answer: string;
  readonly refused: string;
  readonly flag: string | undefined;
  readonly id: string;
  readonly level: number;
  readonly named: number;
  readonly format: "text" | "json";
}

/** Problems of a file that are printed; a file of another form has one in every row. */
const MOST_PROBLEMS = 20;

/**
 * Carries out `bench refusal check`: streams the labelled answers through the detector.
 * @returns the exit code
 * @throws DataError with every row that cannot be read
 */
export async function checkRefusals(options: RefusalCheckOptions, deps: Deps): Promise<number> {
  const { labels, suite, level, named, format, flag } = options;
  if (labels === undefined) throw noLabels();
  const path = resolve(deps.cwd, labels);
  const shown = isAbsolute(labels) ? labels : relative(deps.cwd, path);
  const rules = suite === undefined ? undefined : (await loadSuite(await findProject(deps.cwd), suite)).config.refusal;
  const detect = refusalDetector(rules);
  const words = new DetectorTally();
  const flags = new DetectorTally();
  const problems: Problem[] = [];
  let rows = 0;
  let answers = 0;
  for await (const row of tableRows(path, (note) => line(deps.stderr, note))) {
    rows += 1;
    if (!row.problems && row.cells.has(options.answer)) answers += 1;
    const read = row.problems
      ? { problems: row.problems }
      : readRow(row.cells, row.where.replace(path, shown), options);
    if ("problems" in read) problems.push(...read.problems.slice(0, MOST_PROBLEMS - problems.length));
    else {
      words.add(read.answer, detect(read.answer.text));
      if (read.flag !== undefined) flags.add(read.answer, detect(read.answer.text, read.flag));
    }
  }
  if (answers === 0) problems.unshift(noAnswers(shown, options.answer, rows));
  if (problems.length > 0) throw new DataError(problems);
  const rng = seeded("refusal check");
  const detector = suite === undefined ? "The default detector" : `The detector of the suite ${suite}`;
  const found = [
    { detector, check: words.check(level, rng) },
    ...(flag === undefined ? [] : [{ detector: "The system's own word", check: flags.check(level, rng) }]),
  ];
  if (format === "json") line(deps.stdout, JSON.stringify({ level, detectors: found }, null, 2));
  else {
    const { columns } = terminalOf(deps.stdout);
    const texts = found.map(({ detector: name, check }) =>
      detectorText(check, { detector: name, level, columns, named }),
    );
    deps.stdout.write(texts.join("\n"));
  }
  return EXIT.ok;
}

type Read = { readonly answer: LabelledAnswer; readonly flag?: boolean } | { readonly problems: readonly Problem[] };

function readRow(cells: ReadonlyMap<string, unknown>, where: string, options: RefusalCheckOptions): Read {
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
  return flag === undefined ? { answer } : { answer, flag };
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
