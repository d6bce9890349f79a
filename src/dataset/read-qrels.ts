import type { Problem } from "../core/problem.ts";
import { quoteValue } from "../lib/text.ts";
import { lineProblem, type Row, textLineBatches } from "./read-rows.ts";

/** One judgement: which passage (or document) is how relevant to which query. */
export interface QrelRow {
  readonly query: string;
  /** Of the passage, or of the document in a document-level file. */
  readonly target: string;
  readonly grade: number;
}

/** Whether a qrels file can hold an id: tabs, line breaks, NUL and half surrogate pairs would not be read back. */
export function fitsQrels(id: string): boolean {
  return !/[\t\n\r\0]|\p{Surrogate}/u.test(id);
}

/**
 * Streams a BEIR qrels file: a header line, then tab-separated query, passage (or document) and whole-number grade.
 * @throws DataError when the file cannot be read
 */
export async function* readQrels(path: string): AsyncGenerator<Row<QrelRow>> {
  let first = true;
  for await (const lines of textLineBatches(path)) {
    for (const line of lines) {
      const { number, offset } = line;
      if ("error" in line || line.text.includes("\0")) {
        yield { line: number, offset, problems: [lineProblem(path, line)] };
        continue;
      }
      if (line.text.trim() === "") continue;
      const cells = line.text.split("\t");
      if (first) {
        first = false;
        if (isHeader(cells)) continue;
        yield { line: number, offset, problems: [noHeader(`${path}:${number}`, line.text)] };
      }
      if (isRow(cells)) {
        yield { line: number, offset, value: { query: cells[0], target: cells[1], grade: Number(cells[2]) } };
      } else {
        yield { line: number, offset, problems: [rowProblem(`${path}:${number}`, line.text, cells)] };
      }
    }
  }
}

function isRow(cells: readonly string[]): cells is [query: string, target: string, grade: string] {
  return cells.length === 3 && cells[0] !== "" && cells[1] !== "" && WHOLE_NUMBER.test(cells[2]!);
}

const WHOLE_NUMBER = /^\s*[+-]?\d{1,9}\s*$/;

function isHeader(cells: readonly string[]): boolean {
  return (
    cells.length === 3 && /^(query|q)[-_]?id$/i.test(cells[0]!.trim()) && cells[2]!.trim().toLowerCase() === "score"
  );
}

function rowProblem(where: string, text: string, cells: readonly string[]): Problem {
  const code = "E_DATASET_QRELS";
  if (cells.length !== 3 || cells[0] === "" || cells[1] === "") {
    const trec = text.trim().split(/\s+/).length === 4;
    return {
      code,
      where,
      expected: "three columns with a tab between: query-id, corpus-id, score",
      got: quoteValue(text),
      fix: trec ? "this looks like TREC's format: use `bench dataset import trec`" : "correct the line",
    };
  }
  return {
    code,
    where,
    expected: "a whole number as the score",
    got: quoteValue(cells[2]),
    fix: "grade with whole numbers: 0 not relevant, 1 relevant, higher more relevant",
  };
}

function noHeader(where: string, text: string): Problem {
  return {
    code: "E_DATASET_QRELS",
    where,
    expected: "the header line query-id, corpus-id, score with a tab between",
    got: quoteValue(text),
    fix: "add the header as the first line: other tools skip that line whatever it holds",
  };
}
