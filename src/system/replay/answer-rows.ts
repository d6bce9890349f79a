import { createReadStream } from "node:fs";
import { DataError } from "../../core/errors.ts";
import { isObject } from "../../embed/json-file.ts";
import { readLines } from "../../lib/jsonl.ts";
import { CsvFault, csvRecords } from "../../lib/table/csv-records.ts";
import { unreadable } from "./problem-list.ts";

/** A row of a file of answers, or why it cannot be used; `line` is where it starts. */
export type AnswerRow =
  | { readonly line: number; readonly cells: ReadonlyMap<string, unknown> }
  | { readonly line: number; readonly problem: string };

const CODE = "E_REPLAY_ANSWERS";

/**
 * Streams the rows of a table of answers; the name tells its form: `.csv` (RFC 4180), `.tsv` (no quoting: a quote is a
 * character), anything else JSONL. A row with too few or too many cells (a lost tab) and a line that is no object are said, not
 * guessed at.
 * @param name the file as messages show it
 * @throws DataError when the file cannot be read, is not UTF-8, or its quoting is broken, so that the rest would be one cell
 */
export function answerRows(path: string, name: string): AsyncGenerator<AnswerRow> {
  if (/\.csv$/i.test(path)) return csvRows(path, name, {});
  if (/\.tsv$/i.test(path)) return csvRows(path, name, { delimiter: "\t", quoted: false });
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

async function* csvRows(path: string, name: string, form: Parameters<typeof csvRecords>[1]): AsyncGenerator<AnswerRow> {
  let names: readonly string[] | undefined;
  try {
    for await (const { line, cells } of csvRecords(createReadStream(path), form)) {
      if (names === undefined) names = cells.map((cell = "") => cell.trim());
      else if (cells.length === names.length) {
        yield { line, cells: new Map(names.map((column, i) => [column, cells[i] ?? ""])) };
      } else {
        const count = `${cells.length} ${cells.length === 1 ? "cell" : "cells"}`;
        yield { line, problem: `${count} where the header has ${names.length}` };
      }
    }
  } catch (error) {
    throw csvError(name, error);
  }
}

function csvError(name: string, error: unknown): unknown {
  if (!(error instanceof CsvFault)) return unreadable(CODE, name, error);
  const [expected, got, fix] =
    error.kind === "quoting"
      ? ["CSV as RFC 4180 has it", error.message, 'double the quotes inside a quoted cell: "say ""yes"""']
      : ["UTF-8 text", "other bytes there or after", "save the file as UTF-8"];
  return new DataError([{ code: CODE, where: `${name}:${error.line}`, expected, got, fix }]);
}
