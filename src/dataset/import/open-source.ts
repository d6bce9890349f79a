import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { DataError } from "../../core/errors.ts";
import type { Line, ReadLinesOptions } from "../../lib/jsonl.ts";
import { textLines } from "../read-rows.ts";

const CHUNK_BYTES = 256 * 1024;

/**
 * Streams the bytes of a file; one whose name ends in `.gz` is unpacked on the way.
 * @throws DataError (E_IMPORT_GZIP) where a compressed file is damaged or cut short
 */
export async function* openSource(path: string, chunkBytes = CHUNK_BYTES): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: chunkBytes });
  if (!isGzip(path)) {
    yield* file as AsyncIterable<Buffer>;
    return;
  }
  // The error of either end reaches the loop below; the callback is there because pipeline asks for one.
  const unpacked = pipeline(file, createGunzip({ chunkSize: chunkBytes }), () => {});
  try {
    yield* unpacked as AsyncIterable<Buffer>;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith("Z_")) throw error;
    const fix = "copy the file again, or unpack it and name what comes out";
    throw new DataError([{ code: "E_IMPORT_GZIP", where: path, expected: "a whole gzip file", got: message, fix }]);
  }
}

/** {@link textLines} of a file that may be compressed. */
export function sourceLines(path: string, options?: ReadLinesOptions): AsyncGenerator<Line> {
  return textLines(path, { ...options, open: openSource });
}

/** The name without `.gz`, in lower case: what tells the form of a file. */
export function plainName(path: string): string {
  return path.toLowerCase().replace(/\.gz$/, "");
}

function isGzip(path: string): boolean {
  return /\.gz$/i.test(path);
}
