import * as zlib from "node:zlib";
import {
  asyncBufferFromFile,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
} from "hyparquet";
import { DataError } from "../../core/errors.ts";
import { fileError } from "../read-rows.ts";
import type { TableRow } from "./table-row.ts";

/** Lists and structs may stand this deep in each other. */
const MAX_DEPTH = 64;

/**
 * Streams the rows of a Parquet file under the names of its top-level columns; one row group is held. Compressed with
 * Snappy, gzip, Brotli or, where Node has it (22.15 and later), Zstandard. A row's place is its number from 1.
 * @throws DataError (E_IMPORT_PARQUET) where the file is damaged or uses what cannot be read
 */
export async function* parquetRows(path: string): AsyncGenerator<TableRow> {
  try {
    const file = await asyncBufferFromFile(path);
    const metadata: FileMetaData = await parquetMetadataAsync(file);
    const names = parquetSchema(metadata).children.map(({ element }) => element.name);
    let start = 0;
    for (const group of metadata.row_groups) {
      const end = start + Number(group.num_rows);
      let rows: readonly (readonly unknown[])[] = [];
      await parquetRead({
        file,
        metadata,
        compressors: COMPRESSORS,
        rowStart: start,
        rowEnd: end,
        onComplete: (read: unknown[][]) => {
          rows = read;
        },
      });
      for (const [i, row] of rows.entries()) yield toRow(row, names, `${path}:${start + i + 1}`);
      start = end;
    }
  } catch (error) {
    throw parquetError(path, error);
  }
}

type Unpack = (input: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;

/** A page says how long it is unpacked; one that is longer is refused, not unpacked. */
function unpacker(unpack: Unpack) {
  return (input: Uint8Array, length: number): Uint8Array => unpack(input, { maxOutputLength: Math.max(1, length) });
}

const { zstdDecompressSync } = zlib as { zstdDecompressSync?: Unpack };
const COMPRESSORS: Compressors = {
  GZIP: unpacker(zlib.gunzipSync),
  BROTLI: unpacker(zlib.brotliDecompressSync),
  ...(zstdDecompressSync && { ZSTD: unpacker(zstdDecompressSync) }),
};

function toRow(row: readonly unknown[], names: readonly string[], where: string): TableRow {
  const cells = new Map<string, unknown>();
  for (const [i, cell] of row.entries()) {
    if (cell !== undefined && cell !== null && names[i] !== undefined) cells.set(names[i], toJson(cell, 0));
  }
  return { where, cells };
}

/** A cell as JSON could hold it: whole numbers of 64 bits as numbers where exact, else as text; times in ISO 8601. */
function toJson(cell: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new Error(`lists more than ${MAX_DEPTH} deep`);
  if (typeof cell === "bigint") return Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell);
  if (typeof cell !== "object" || cell === null) return cell;
  if (cell instanceof Date) return cell.toISOString();
  if (cell instanceof Uint8Array) return Buffer.from(cell).toString("base64");
  if (ArrayBuffer.isView(cell)) return Array.from(cell as unknown as ArrayLike<unknown>, (v) => toJson(v, depth + 1));
  if (Array.isArray(cell)) return cell.map((v) => toJson(v, depth + 1));
  return Object.fromEntries(Object.entries(cell).map(([key, value]) => [key, toJson(value, depth + 1)]));
}

function parquetError(path: string, error: unknown): unknown {
  const asFile = fileError(path, error);
  if (asFile !== error || !(error instanceof Error)) return asFile;
  const fix = "write the file again, with Snappy or gzip compression";
  return new DataError(
    [{ code: "E_IMPORT_PARQUET", where: path, expected: "a Parquet file", got: error.message, fix }],
    { cause: error },
  );
}
