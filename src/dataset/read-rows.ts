import type { Static, TSchema } from "@sinclair/typebox";
import { validate } from "../config/validate.ts";
import { DataError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { type Line, MAX_LINE_BYTES, type ReadLinesOptions, readLineBatches } from "../lib/jsonl.ts";
import { quoteValue } from "../lib/text.ts";

/** One row of a data file with its place, or everything that is wrong with its line. */
export type Row<T> = GoodRow<T> | BadRow;
export interface GoodRow<T> {
  readonly line: number;
  /** Where the line starts in the file, in bytes. */
  readonly offset: number;
  readonly value: T;
  readonly problems?: undefined;
}
export interface BadRow {
  readonly line: number;
  readonly offset: number;
  readonly problems: readonly Problem[];
}

/** How many problems of one file are collected before reading it is given up. */
const MAX_PROBLEMS = 20;

/**
 * Streams the rows of a JSONL file, each checked against the schema; empty lines are passed over.
 * @throws DataError when the file cannot be read
 */
export async function* readRows<T extends TSchema>(
  path: string,
  schema: T,
  options?: ReadLinesOptions,
): AsyncGenerator<Row<Static<T>>> {
  for await (const line of textLines(path, options)) {
    const { number, offset } = line;
    if ("error" in line || line.text.includes("\0")) {
      yield { line: number, offset, problems: [lineProblem(path, line)] };
      continue;
    }
    if (line.text.trim() === "") continue;
    let value: unknown;
    try {
      value = JSON.parse(line.text);
      if (number === 1 && Array.isArray(value)) throw new SyntaxError("a JSON array");
    } catch (error) {
      yield { line: number, offset, problems: [jsonProblem(path, line, error as Error)] };
      continue;
    }
    const locate = (pointer: string): string => `${path}:${number}${pointer === "" ? "" : ` ${pointer}`}`;
    const checked = validate(schema, value, "E_DATASET_ROW", locate);
    yield checked.ok
      ? { line: number, offset, value: checked.value }
      : { line: number, offset, problems: checked.problems };
  }
}

/**
 * Lets good rows through. From the first bad row on nothing more comes out: the rest of the file is read for further
 * problems, and all are thrown together, so that a result is never made from part of a file.
 */
export async function* strictRows<T>(rows: AsyncIterable<Row<T>>): AsyncGenerator<GoodRow<T>> {
  const problems: Problem[] = [];
  for await (const row of rows) {
    if (row.problems !== undefined) problems.push(...row.problems);
    else if (problems.length === 0) yield row;
    if (problems.length >= MAX_PROBLEMS) break;
  }
  if (problems.length > 0) throw new DataError(problems.slice(0, MAX_PROBLEMS));
}

/** {@link strictRows} without the places. */
export async function* strict<T>(rows: AsyncIterable<Row<T>>): AsyncGenerator<T> {
  for await (const row of strictRows(rows)) yield row.value;
}

/** {@link readLines} with a message for people when the file cannot be read. */
export async function* textLines(path: string, options?: ReadLinesOptions): AsyncGenerator<Line> {
  for await (const lines of textLineBatches(path, options)) for (const line of lines) yield line;
}

/** {@link readLineBatches} with a message for people when the file cannot be read. */
export async function* textLineBatches(path: string, options?: ReadLinesOptions): AsyncGenerator<Line[]> {
  try {
    for await (const lines of readLineBatches(path, options)) yield lines;
  } catch (error) {
    throw fileError(path, error);
  }
}

/** A failed read as the error that users see; anything that is no file-system error is handed back as it is. */
export function fileError(path: string, error: unknown): unknown {
  const got = (error as NodeJS.ErrnoException).code;
  if (!(error instanceof Error) || (error as NodeJS.ErrnoException).syscall === undefined) return error;
  const problem = { code: "E_DATASET_FILE", where: path, expected: "a readable file", got: got ?? error.message };
  return new DataError([{ ...problem, fix: "check the path and that the dataset is complete" }], { cause: error });
}

/** What is wrong with a line before its content is looked at. */
export function lineProblem(path: string, line: Line): Problem {
  const where = `${path}:${line.number}`;
  const code = "E_DATASET_LINE";
  if (!("error" in line)) {
    return {
      code,
      where,
      expected: "text",
      got: "a NUL byte",
      fix: "restore the file: NUL bytes come from a broken copy",
    };
  }
  return line.error === "too-long"
    ? {
        code,
        where,
        expected: `a line of at most ${MAX_LINE_BYTES} bytes`,
        got: `${line.bytes} bytes`,
        fix: "write one JSON object per line, with a line feed after each",
      }
    : {
        code,
        where,
        expected: "UTF-8 text",
        got: "other bytes",
        fix: "convert the file, for example with `iconv -t UTF-8`",
      };
}

function jsonProblem(path: string, line: Line & { text: string; terminated: boolean }, error: Error): Problem {
  const where = `${path}:${line.number}`;
  const code = "E_DATASET_JSON";
  if (line.number === 1 && /^\s*\[/.test(line.text)) {
    const fix = "write one object per line: `jq -c '.[]' in.json > out.jsonl`";
    return { code, where, expected: "one JSON object per line", got: "the start of a JSON array", fix };
  }
  return line.terminated
    ? {
        code,
        where,
        expected: "a JSON object",
        got: `${quoteValue(line.text)}: ${error.message}`,
        fix: "correct the line",
      }
    : {
        code,
        where,
        expected: "a complete last line",
        got: `a truncated one: ${quoteValue(line.text)}`,
        fix: "copy or write the file again: it was cut off",
      };
}
