import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { DataError } from "../../core/errors.ts";
import { isObject } from "../../embed/json-file.ts";
import { readLines } from "../../lib/jsonl.ts";
import { unreadable } from "./problem-list.ts";

/** A row of a file of answers, or why it cannot be used; `line` is where it starts. */
export type AnswerRow =
  | { readonly line: number; readonly cells: ReadonlyMap<string, unknown> }
  | { readonly line: number; readonly problem: string };

const CODE = "E_REPLAY_ANSWERS";
const MAX_ROW_BYTES = 16 * 1024 * 1024;

/**
 * Streams the rows of a table of answers; the name tells its form: `.csv` (RFC 4180), `.tsv` (no quoting: a quote is a
 * character), anything else JSONL. A row with too few or too many cells (a lost tab) and a line that is no object are said, not
 * guessed at.
 * @param name the file as messages show it
 * @throws DataError when the file cannot be read, is not UTF-8, or its quoting is broken, so that the rest would be one cell
 */
export function answerRows(path: string, name: string): AsyncGenerator<AnswerRow> {
  if (/\.csv$/i.test(path)) return csvRows(path, name, { delimiter: "," });
  if (/\.tsv$/i.test(path)) return csvRows(path, name, { delimiter: "\t", quote: false });
  return objectRows(path, name);
}

async function* objectRows(path: string, name: string): AsyncGenerator<AnswerRow> {
  try {
    for await (const line of readLines(path)) {
      const { number } = line;
      if ("error" in line) yield { line: number, problem: line.error === "too-long" ? "too long" : "not UTF-8" };
      else if (line.text.trim() !== "") {
        const cells = objectCells(line.text);
        yield cells ? { line: number, cells } : { line: number, problem: "no JSON object" };
      }
    }
  } catch (error) {
    throw unreadable(CODE, name, error);
  }
}

function objectCells(text: string): Map<string, unknown> | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return isObject(value) ? new Map(Object.entries(value)) : undefined;
  } catch {
    return undefined;
  }
}

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

async function* csvRows(
  path: string,
  name: string,
  form: { readonly delimiter: string; readonly quote?: false },
): AsyncGenerator<AnswerRow> {
  const parser = parse({ ...form, bom: true, info: true, relax_column_count: true, max_record_size: MAX_ROW_BYTES });
  // An error of either end reaches the loop below; the callback is there because pipeline asks for one.
  pipeline(decoded(path), parser, () => {});
  let names: readonly string[] | undefined;
  let line = 1;
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
      const at = line;
      line = info.lines + 1;
      if (names === undefined) names = record.map((cell) => cell.trim());
      else if (record.length === 1 && record[0]!.trim() === "") continue;
      else if (record.length !== names.length) {
        yield {
          line: at,
          problem: `${record.length} ${record.length === 1 ? "cell" : "cells"} where the header has ${names.length}`,
        };
      } else yield { line: at, cells: new Map(names.map((column, i) => [column, record[i]])) };
    }
  } catch (error) {
    throw csvError(name, line, error);
  }
}

async function* decoded(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>)
    yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

function csvError(name: string, line: number, error: unknown): unknown {
  const problem = (expected: string, got: string, fix: string) =>
    new DataError([{ code: CODE, where: `${name}:${line}`, expected, got, fix }]);
  if (error instanceof CsvError) {
    return problem("CSV as RFC 4180 has it", error.message, 'double the quotes inside a quoted cell: "say ""yes"""');
  }
  if ((error as NodeJS.ErrnoException).code === "ERR_ENCODING_INVALID_ENCODED_DATA") {
    return problem("UTF-8 text", "other bytes there or after", "save the file as UTF-8");
  }
  return unreadable(CODE, name, error);
}
