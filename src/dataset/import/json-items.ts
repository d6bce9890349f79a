import { isUtf8 } from "node:buffer";
import { DataError } from "../../core/errors.ts";
import { openSource } from "./open-source.ts";

/** Longest item that is read, in bytes. */
const MAX_ITEM_BYTES = 64 * 1024 * 1024;
/** Brackets may stand this deep in each other; deeper text is no data, and code that walks it would fail. */
const MAX_DEPTH = 256;

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;

/**
 * Streams the items of a file that holds one JSON array, each as its text and position; one item is held at a time, so
 * that a file of many gigabytes can be read. The items themselves are not checked.
 * @throws DataError (E_IMPORT_JSON) where the array does not end, something follows it, or an item is too large or deep
 */
export async function* jsonItems(path: string): AsyncGenerator<{ readonly index: number; readonly text: string }> {
  let parts: Buffer[] = [];
  let bytes = 0;
  let index = 0;
  let depth = 0;
  let quoted = false;
  let escaped = false;
  let ended = false;
  const item = (): string => {
    const data = Buffer.concat(parts);
    parts = [];
    bytes = 0;
    if (!isUtf8(data)) throw fail("UTF-8 text", "other bytes");
    return data.toString("utf8");
  };
  const fail = (expected: string, got: string): DataError => {
    const fix = "write the file again: it may be cut off";
    return new DataError([{ code: "E_IMPORT_JSON", where: `${path} /${index}`, expected, got, fix }]);
  };
  for await (const chunk of openSource(path)) {
    let from = 0;
    const take = (to: number): void => {
      bytes += to - from;
      if (bytes > MAX_ITEM_BYTES) throw fail(`an item of at most ${MAX_ITEM_BYTES} bytes`, "a longer one");
      parts.push(chunk.subarray(from, to));
      from = to + 1;
    };
    for (let i = 0; i < chunk.length; i += 1) {
      const byte = chunk[i]!;
      if (quoted) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) quoted = false;
        continue;
      }
      if (ended && byte > 32) throw fail("the end of the file after the array", "more text");
      if (byte === QUOTE) quoted = true;
      else if (byte === 91 || byte === 123) {
        depth += 1;
        if (depth > MAX_DEPTH) throw fail(`brackets at most ${MAX_DEPTH} deep`, "deeper ones");
        if (depth === 1) from = i + 1;
      } else if (byte === 93 || byte === 125) {
        depth -= 1;
        if (depth > 0) continue;
        if (byte !== 93) throw fail("the array's closing bracket", '"}"');
        take(i);
        const text = item();
        if (index > 0 || text.trim() !== "") yield { index, text };
        ended = true;
      } else if (byte === COMMA && depth === 1) {
        take(i);
        yield { index, text: item() };
        index += 1;
      }
    }
    if (depth > 0) take(chunk.length);
  }
  if (!ended) throw fail("a JSON array with its closing bracket", "the end of the file");
}
