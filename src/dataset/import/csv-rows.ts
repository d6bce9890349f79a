import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { CsvFault, type CsvRecord, csvRecords } from "../../lib/table/csv-records.ts";
import { quoteValue } from "../../lib/text.ts";
import { fileError } from "../read-rows.ts";
import { openSource } from "./open-source.ts";
import type { TableRow } from "./table-row.ts";

const CODE = "E_IMPORT_CSV";

/**
 * Streams the rows of a CSV file (RFC 4180, UTF-8) under the names of its first line. An empty cell holds nothing; one
 * written `""` holds empty text. Blank lines are passed over. The place of a row is the line it starts on.
 * @throws DataError where the quoting is broken, so that what follows would be lost in one cell
 */
export async function* csvRows(path: string, delimiter: "," | "\t"): AsyncGenerator<TableRow> {
  let names: readonly string[] | undefined;
  try {
    for await (const { line, cells } of csvRecords(openSource(path), { delimiter })) {
      const where = `${path}:${line}`;
      if (names === undefined) names = header(cells, where);
      else yield toRow(cells, names, where);
    }
  } catch (error) {
    throw readError(path, error);
  }
  if (names === undefined) throw new DataError([noHeader(path, "an empty file")]);
}

function header(record: CsvRecord["cells"], where: string): readonly string[] {
  const names = record.map((name) => name?.trim() ?? "");
  const twice = names.find((name, i) => name !== "" && names.indexOf(name) !== i);
  if (twice === undefined) return names;
  const fix = "rename one of the columns";
  const got = `${quoteValue(twice)} twice`;
  throw new DataError([{ code: CODE, where, expected: "a header of distinct names", got, fix }]);
}

function toRow(record: CsvRecord["cells"], names: readonly string[], where: string): TableRow {
  if (record.length !== names.length) {
    const fix = "put cells that hold a comma, a quote or a line break in quotes";
    const got = `${record.length}`;
    return { problems: [{ code: CODE, where, expected: `${names.length} cells, as the header has`, got, fix }] };
  }
  const cells = new Map<string, unknown>();
  for (const [i, cell] of record.entries()) {
    if (cell === undefined) continue;
    if (cell.includes("\0")) {
      const fix = "restore the file: NUL characters come from a broken copy";
      return { problems: [{ code: CODE, where, expected: "text", got: "a NUL character", fix }] };
    }
    // A column without a name is the row number that pandas writes.
    if (names[i] !== "") cells.set(names[i]!, cell);
  }
  return { where, cells };
}

function noHeader(where: string, got: string): Problem {
  return { code: CODE, where, expected: "a first line with the names of the columns", got, fix: "add the header" };
}

function readError(path: string, error: unknown): unknown {
  if (!(error instanceof CsvFault)) return fileError(path, error);
  const [expected, got, fix] =
    error.kind === "quoting"
      ? ["CSV as RFC 4180 has it", error.message, 'double the quotes inside a quoted cell: "say ""yes"""']
      : ["UTF-8 text", "other bytes there or after", "convert the file, for example with `iconv -t UTF-8`"];
  return new DataError([{ code: CODE, where: `${path}:${error.line}`, expected, got, fix }]);
}
