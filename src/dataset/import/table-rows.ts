import { Type } from "@sinclair/typebox";
import { DataError } from "../../core/errors.ts";
import { csvRows } from "./csv-rows.ts";
import { plainName } from "./open-source.ts";
import { parquetRows } from "./parquet-rows.ts";
import { rowsOrArray } from "./rows-or-array.ts";
import type { TableRow } from "./table-row.ts";

/** Deeper values are no data, and code that walks them would fail. */
const MAX_DEPTH = 256;
const AnyObject = Type.Object({}, { additionalProperties: true, description: "a JSON object" });

/**
 * Streams the rows of a table. The name tells its form: `.csv`, `.tsv`, `.jsonl` or `.json` (lines or one array), all of
 * them also with `.gz`, and `.parquet`.
 * @throws DataError when the form is not known or the file cannot be read as it
 */
export async function* tableRows(path: string, note: (text: string) => void): AsyncGenerator<TableRow> {
  const form = /\.(csv|tsv|jsonl|ndjson|json|parquet)$/.exec(plainName(path))?.[1];
  if (form === "csv") yield* csvRows(path, ",");
  else if (form === "tsv") yield* csvRows(path, "\t");
  else if (form === "parquet") yield* parquetRows(path);
  else if (form !== undefined) yield* objectRows(path, note);
  else {
    const fix = "give the file the ending of its form";
    const expected = "a file that ends in .csv, .tsv, .jsonl, .json (or one of them and .gz) or .parquet";
    throw new DataError([{ code: "E_IMPORT_FORMAT", where: path, expected, got: "another ending", fix }]);
  }
}

async function* objectRows(path: string, note: (text: string) => void): AsyncGenerator<TableRow> {
  let row = 0;
  for await (const value of rowsOrArray(path, AnyObject, note)) {
    row += 1;
    if (isDeeper(value, MAX_DEPTH)) {
      const fix = "write the row's values as text";
      const got = "deeper ones";
      const expected = `lists and objects at most ${MAX_DEPTH} deep`;
      yield { problems: [{ code: "E_IMPORT_ROW", where: `${path} row ${row}`, expected, got, fix }] };
      continue;
    }
    const held = Object.entries(value).filter(([, cell]) => cell !== null);
    yield { where: `${path} row ${row}`, cells: new Map(held) };
  }
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => isDeeper(inner, depth - 1));
}
