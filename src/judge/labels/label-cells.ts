import { createReadStream } from "node:fs";
import type { Problem } from "../../core/problem.ts";
import { CsvFault, csvRecords } from "../../lib/table/csv-records.ts";
import { quoteValue } from "../../lib/text.ts";
import { textLines, unreadable } from "./text-lines.ts";

/** One row of a label file under the names of its columns; a cell that holds nothing is not there. */
export interface LabelCells {
  readonly where: string;
  readonly cells: ReadonlyMap<string, unknown>;
}

/**
 * Streams the rows of a label file: CSV (`.csv`; RFC 4180 with a header), tab-separated values (`.tsv`; a header, quotes
 * are characters), else one JSON object per line. Rows that are
 * none go to `problems`.
 * @throws DataError when the file cannot be read
 */
export async function* labelCells(path: string, problems: Problem[]): AsyncGenerator<LabelCells> {
  const ending = /\.[ct]sv$/i.exec(path)?.[0].toLowerCase();
  yield* ending === undefined ? jsonCells(path, problems) : tableCells(path, ending === ".tsv", problems);
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

async function* tableCells(path: string, tabs: boolean, problems: Problem[]): AsyncGenerator<LabelCells> {
  const form = tabs ? ({ delimiter: "\t", quoted: false } as const) : {};
  let names: readonly string[] | undefined;
  try {
    for await (const { line, cells } of csvRecords(createReadStream(path), form)) {
      const where = `${path}:${line}`;
      if (names === undefined) {
        names = cells.map((name = "") => name.trim());
        const twice = names.find((name, at) => name !== "" && names!.indexOf(name) !== at);
        if (twice === undefined) continue;
        const got = `${quoteValue(twice)} twice`;
        const fix = "rename one of the columns";
        problems.push({ code: "E_LABEL_COLUMN", where, expected: "a header of distinct names", got, fix });
        return;
      }
      if (cells.length !== names.length) {
        const fix = tabs
          ? "give every row as many tabs as the header has"
          : "put cells that hold a comma, a quote or a line break in quotes";
        const expected = `${names.length} cells, as the header has`;
        problems.push({ code: "E_LABEL_ROW", where, expected, got: `${cells.length}`, fix });
      } else {
        const named = cells.map((cell = "", i) => [names![i]!, cell.trim()] as const);
        yield { where, cells: new Map(named.filter(([name, cell]) => name !== "" && cell !== "")) };
      }
    }
  } catch (error) {
    if (!(error instanceof CsvFault)) throw unreadable(path, error);
    const [expected, got, fix] =
      error.kind === "quoting"
        ? ["CSV as RFC 4180 has it", error.message, 'double the quotes inside a quoted cell: "say ""yes"""']
        : ["UTF-8 text", "other bytes there or after", "convert the file, for example with `iconv -t UTF-8`"];
    problems.push({ code: "E_LABEL_LINE", where: `${path}:${error.line}`, expected, got, fix });
  }
}
