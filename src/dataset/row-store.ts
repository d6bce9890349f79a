import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { DataError } from "../core/errors.ts";
import { MAX_LINE_BYTES } from "../lib/jsonl.ts";
import { IdIndex } from "./id-index.ts";
import { fileError } from "./read-rows.ts";

/** Random access to the rows of a JSONL file by `_id`, holding offsets and hashes only. */
export interface RowStore<T> {
  readonly size: number;
  /** The rows in the order of the ids; undefined where there is none. */
  get(ids: readonly string[]): Promise<(T | undefined)[]>;
  close(): Promise<void>;
}

/** A first read takes this much; a longer row takes a second one. */
const FIRST_READ_BYTES = 4096;

/**
 * Indexes the rows (one pass), then reads single rows from disk. A row's id is compared with the one asked for.
 * @throws DataError when the file cannot be read, a row is wrong, or two rows have one id
 */
export async function openRowStore<T extends { readonly _id: string }>(
  path: string,
  rows: AsyncIterable<{ readonly value: T; readonly offset: number; readonly line: number }>,
): Promise<RowStore<T>> {
  const index = new IdIndex(await countLines(path));
  const file = await open(path, "r").catch((error: unknown) => {
    throw fileError(path, error);
  });
  const read = async (id: string): Promise<T | undefined> => {
    const row = index.find(id);
    if (row === -1) return undefined;
    const value = await readRow<T>(file, index.offset(row));
    return value._id === id ? value : undefined;
  };
  try {
    for await (const { value, offset, line } of rows) {
      if (index.add(value._id, offset) !== -1) throw duplicate(`${path}:${line} /_id`, value._id);
    }
  } catch (error) {
    await file.close();
    throw error;
  }
  return { size: index.size, get: (ids) => Promise.all(ids.map(read)), close: () => file.close() };
}

/** How many lines a file has at most. */
export async function countLines(path: string): Promise<number> {
  let lines = 1;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1;
    }
  } catch (error) {
    throw fileError(path, error);
  }
  return lines;
}

/** Reads the JSON line that starts at an offset. */
export async function readRow<T>(file: FileHandle, offset: number): Promise<T> {
  let buffer = Buffer.allocUnsafe(FIRST_READ_BYTES);
  let filled = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, offset + filled);
    const end = buffer.subarray(0, filled + bytesRead).indexOf(10, filled);
    filled += bytesRead;
    if (end !== -1 || bytesRead === 0 || filled > MAX_LINE_BYTES) {
      const text = buffer.toString("utf8", 0, end === -1 ? filled : end);
      return JSON.parse(text.startsWith("\ufeff") ? text.slice(1) : text) as T;
    }
    if (filled === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 8);
  }
}

function duplicate(where: string, id: string): DataError {
  const got = `${JSON.stringify(id)} a second time`;
  const fix = "remove or rename one of the rows; `bench dataset check` lists all";
  return new DataError([{ code: "E_DATASET_DUPLICATE", where, expected: "an id that no other row has", got, fix }]);
}
