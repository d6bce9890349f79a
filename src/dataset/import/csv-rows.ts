import { pipeline } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { quoteValue } from "../../lib/text.ts";
import { fileError } from "../read-rows.ts";
import { openSource } from "./open-source.ts";
import type { TableRow } from "./table-row.ts";

/** Longest row that is read, in bytes. */
const MAX_ROW_BYTES = 16 * 1024 * 1024;

const CODE = "E_IMPORT_CSV";

/**
 * Streams the rows of a CSV file (RFC 4180, UTF-8) under the names of its first line. An empty cell holds nothing; one
 * written `""` holds empty text. Blank lines are passed over. The place of a row is the line it starts on.
 * @throws DataError where the quoting is broken, so that what follows would be lost in one cell
 */
export async function* csvRows(path: string, delimiter: "," | "\t"): AsyncGenerator<TableRow> {
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    relax_column_count: true,
    max_record_size: MAX_ROW_BYTES,
    cast: (value, { quoting }) => (value === "" && !quoting ? undefined : value),
  });
  // An error of either end reaches the loop below; the callback is there because pipeline asks for one.
  pipeline(decoded(path), parser, () => {});
  let names: readonly string[] | undefined;
  let line = 1;
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
      const where = `${path}:${line}`;
      line = info.lines + 1;
      if (record.every((cell) => cell === undefined)) continue;
      if (names === undefined) names = header(record, where);
      else yield toRow(record, names, where);
    }
  } catch (error) {
    throw readError(path, line, error);
  }
  if (names === undefined) throw new DataError([noHeader(path, "an empty file")]);
}

interface CsvRecord {
  readonly record: readonly (string | undefined)[];
  readonly info: { readonly lines: number };
}

async function* decoded(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  for await (const chunk of openSource(path)) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

function header(record: CsvRecord["record"], where: string): readonly string[] {
  const names = record.map((name) => name?.trim() ?? "");
  const twice = names.find((name, i) => name !== "" && names.indexOf(name) !== i);
  if (twice === undefined) return names;
  const fix = "rename one of the columns";
  const got = `${quoteValue(twice)} twice`;
  throw new DataError([{ code: CODE, where, expected: "a header of distinct names", got, fix }]);
}

function toRow(record: CsvRecord["record"], names: readonly string[], where: string): TableRow {
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

function readError(path: string, line: number, error: unknown): unknown {
  if (error instanceof CsvError) {
    const fix = 'double the quotes inside a quoted cell: "say ""yes"""';
    return new DataError([
      { code: CODE, where: `${path}:${line}`, expected: "CSV as RFC 4180 has it", got: error.message, fix },
    ]);
  }
  if ((error as NodeJS.ErrnoException).code === "ERR_ENCODING_INVALID_ENCODED_DATA") {
    const fix = "convert the file, for example with `iconv -t UTF-8`";
    return new DataError([
      { code: CODE, where: `${path}:${line}`, expected: "UTF-8 text", got: "other bytes there or after", fix },
    ]);
  }
  return fileError(path, error);
}
