import { readFile } from "node:fs/promises";
import { CsvError, parse } from "csv-parse/sync";
import type { Problem } from "../../core/problem.ts";
import { quoteValue } from "../../lib/text.ts";
import { textLines, unreadable } from "./text-lines.ts";

/** One row of a label file under the names of its columns; a cell that holds nothing is not there. */
export interface LabelCells {
  readonly where: string;
  readonly cells: ReadonlyMap<string, unknown>;
}

/**
 * Streams the rows of a label file: CSV (`.csv`; RFC 4180 with a header), else one JSON object per line. Rows that are
 * none go to `problems`.
 * @throws DataError when the file cannot be read
 */
export async function* labelCells(path: string, problems: Problem[]): AsyncGenerator<LabelCells> {
  yield* path.toLowerCase().endsWith(".csv") ? csvCells(path, problems) : jsonCells(path, problems);
}

async function* jsonCells(path: string, problems: Problem[]): AsyncGenerator<LabelCells> {
  for await (const { where, text } of textLines(path, problems)) {
    const report = (got: string, fix: string): void => {
      problems.push({ code: "E_LABEL_LINE", where, expected: "one JSON object per line", got, fix });
    };
    let row: unknown;
    try {
      row = JSON.parse(text);
    } catch (error) {
      report(`${quoteValue(text)}: ${(error as Error).message}`, "correct the line");
      continue;
    }
    if (typeof row === "object" && row !== null && !Array.isArray(row)) {
      const held = Object.entries(row).filter(([, value]) => value !== null && value !== "");
      yield { where, cells: new Map(held) };
    } else report(quoteValue(row), "write one object per line: `jq -c '.[]' in.json > out.jsonl`");
  }
}

async function* csvCells(path: string, problems: Problem[]): AsyncGenerator<LabelCells> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (!(error instanceof TypeError)) throw unreadable(path, error);
    const fix = "convert the file, for example with `iconv -t UTF-8`";
    problems.push({ code: "E_LABEL_LINE", where: path, expected: "UTF-8 text", got: "other bytes", fix });
    return;
  }
  let rows: { record: string[]; info: { lines: number } }[];
  try {
    rows = parse(text, { bom: true, info: true, relax_column_count: true, skip_empty_lines: true }) as never;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const fix = 'double the quotes inside a quoted cell: "say ""yes"""';
    const where = `${path}:${(error as unknown as { lines?: number }).lines ?? 1}`;
    problems.push({ code: "E_LABEL_LINE", where, expected: "CSV as RFC 4180 has it", got: error.message, fix });
    return;
  }
  const names = rows[0]?.record.map((name) => name.trim()) ?? [];
  const twice = names.find((name, at) => name !== "" && names.indexOf(name) !== at);
  if (twice !== undefined) {
    const got = `${quoteValue(twice)} twice`;
    const fix = "rename one of the columns";
    problems.push({ code: "E_LABEL_COLUMN", where: `${path}:1`, expected: "a header of distinct names", got, fix });
    return;
  }
  for (const [at, { record, info }] of rows.entries()) {
    if (at === 0) continue;
    // A record that spans lines is known by its last.
    const where = `${path}:${info.lines}`;
    if (record.length !== names.length) {
      const fix = "put cells that hold a comma, a quote or a line break in quotes";
      const expected = `${names.length} cells, as the header has`;
      problems.push({ code: "E_LABEL_ROW", where, expected, got: `${record.length}`, fix });
    } else {
      const cells = record.map((cell, i) => [names[i]!, cell.trim()] as const);
      yield { where, cells: new Map(cells.filter(([name, cell]) => name !== "" && cell !== "")) };
    }
  }
}
