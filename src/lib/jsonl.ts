import { createReadStream } from "node:fs";

/** One line of a text file, or what is wrong with it. */
export type Line =
  | { readonly number: number; readonly text: string; readonly terminated: boolean }
  | { readonly number: number; readonly error: "too-long" | "not-utf8"; readonly bytes: number };

/** Longest line that is read, in bytes; a longer one is reported and skipped without being held in memory. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

/**
 * Streams the lines of a file with their 1-based numbers. A byte-order mark at the start and a carriage return before
 * the line feed are dropped. Memory is bounded by the longest allowed line, whatever the size of the file.
 * `terminated` is false for a last line without a line feed: in an append-only log that is a torn write.
 */
export async function* readLines(path: string, options: { maxBytes?: number } = {}): AsyncGenerator<Line> {
  const maxBytes = options.maxBytes ?? MAX_LINE_BYTES;
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let number = 0;
  let parts: Buffer[] = [];
  let bytes = 0;
  const finish = (terminated: boolean): Line => {
    number += 1;
    const size = bytes;
    const data = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    parts = [];
    bytes = 0;
    if (size > maxBytes) return { number, error: "too-long", bytes: size };
    try {
      let text = decoder.decode(data);
      if (number === 1 && text.startsWith("\ufeff")) text = text.slice(1);
      return { number, text: text.endsWith("\r") ? text.slice(0, -1) : text, terminated };
    } catch {
      return { number, error: "not-utf8", bytes: size };
    }
  };
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      if (bytes + at - from <= maxBytes) parts.push(chunk.subarray(from, at));
      bytes += at - from;
      yield finish(true);
      from = at + 1;
    }
    if (from < chunk.length) {
      if (bytes + chunk.length - from <= maxBytes) parts.push(chunk.subarray(from));
      else parts = [];
      bytes += chunk.length - from;
    }
  }
  if (bytes > 0) yield finish(false);
}
