import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";

/** One line of a text file, or what is wrong with it. `offset` is where its first byte stands in the file. */
export type Line =
  | { readonly number: number; readonly offset: number; readonly text: string; readonly terminated: boolean }
  | {
      readonly number: number;
      readonly offset: number;
      readonly error: "too-long" | "not-utf8";
      /** Length of the line in bytes, without its line feed. */
      readonly bytes: number;
    };

/** Longest line that is read, in bytes; a longer one is reported and skipped without being held in memory. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

const CHUNK_BYTES = 256 * 1024;
const LINE_FEED = 10;
const BYTE_ORDER_MARK = "\ufeff";

export interface ReadLinesOptions {
  /** Longest line that is read, in bytes. @default MAX_LINE_BYTES */
  readonly maxBytes?: number;
  /** How bytes become characters; with `latin1` no line is `not-utf8`. @default "utf8" */
  readonly encoding?: "utf8" | "latin1";
  /** How much is read at once, in bytes. @default 256 KiB */
  readonly chunkBytes?: number;
  /** Where the bytes come from, when not from the file as it is (a compressed one). */
  readonly open?: (path: string, chunkBytes: number) => AsyncIterable<Buffer>;
}

/**
 * Streams the lines of a file with their 1-based numbers. A byte-order mark at the start and a carriage return before
 * the line feed are dropped. Memory is bounded by the longest allowed line, whatever the size of the file.
 * `terminated` is false for a last line without a line feed: in an append-only log that is a torn write.
 */
export async function* readLines(path: string, options: ReadLinesOptions = {}): AsyncGenerator<Line> {
  for await (const lines of readLineBatches(path, options)) for (const line of lines) yield line;
}

/**
 * The lines of {@link readLines}, those of each piece of the file together: for files of millions of short lines, where
 * waiting for every line takes longer than reading it.
 */
export async function* readLineBatches(path: string, options: ReadLinesOptions = {}): AsyncGenerator<Line[]> {
  const { maxBytes = MAX_LINE_BYTES, encoding = "utf8", chunkBytes = CHUNK_BYTES, open = openFile } = options;
  let number = 0;
  let offset = 0;
  let parts: Buffer[] = [];
  let bytes = 0;
  const take = (part: Buffer): void => {
    bytes += part.length;
    if (bytes <= maxBytes) parts.push(part);
    else parts = [];
  };
  const finish = (terminated: boolean): Line => {
    const line = decode(parts, { number: ++number, offset, bytes, terminated }, maxBytes, encoding);
    offset += bytes + 1;
    parts = [];
    bytes = 0;
    return line;
  };
  for await (const chunk of open(path, chunkBytes)) {
    const lines: Line[] = [];
    let from = 0;
    let at = chunk.indexOf(LINE_FEED);
    if (at !== -1) {
      take(chunk.subarray(from, at));
      lines.push(finish(true));
      from = at + 1;
      // The lines that lie in this chunk whole are checked at once.
      const sound = encoding === "latin1" || isUtf8(chunk.subarray(from, chunk.lastIndexOf(LINE_FEED) + 1));
      for (at = chunk.indexOf(LINE_FEED, from); at !== -1; at = chunk.indexOf(LINE_FEED, from)) {
        if (sound && at - from <= maxBytes) {
          const text = withoutReturn(chunk.toString(encoding, from, at));
          lines.push({ number: ++number, offset, text, terminated: true });
          offset += at - from + 1;
        } else {
          take(chunk.subarray(from, at));
          lines.push(finish(true));
        }
        from = at + 1;
      }
    }
    if (from < chunk.length) take(chunk.subarray(from));
    if (lines.length > 0) yield lines;
  }
  if (bytes > 0) yield [finish(false)];
}

function openFile(path: string, chunkBytes: number): AsyncIterable<Buffer> {
  return createReadStream(path, { highWaterMark: chunkBytes }) as AsyncIterable<Buffer>;
}

function decode(
  parts: readonly Buffer[],
  line: { number: number; offset: number; bytes: number; terminated: boolean },
  maxBytes: number,
  encoding: "utf8" | "latin1",
): Line {
  const { number, offset, bytes, terminated } = line;
  if (bytes > maxBytes) return { number, offset, error: "too-long", bytes };
  const data = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  if (encoding === "utf8" && !isUtf8(data)) return { number, offset, error: "not-utf8", bytes };
  let text = data.toString(encoding);
  if (number === 1 && text.startsWith(BYTE_ORDER_MARK)) text = text.slice(1);
  return { number, offset, text: withoutReturn(text), terminated };
}

function withoutReturn(text: string): string {
  return text.endsWith("\r") ? text.slice(0, -1) : text;
}
