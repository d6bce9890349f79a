import type { FileHandle } from "node:fs/promises";
import { readExactly } from "./append-file.ts";

const WINDOW_BYTES = 256 * 1024;
const MOST_WINDOWS = 8;

/**
 * Reads lines of known places from a file whose lines stay as they are. Lines that are wanted one after the other stand near each
 * other, but not in order, since answers come as they come: a few stretches of the file are held, those that were used last.
 */
export class LineReader {
  readonly #file: FileHandle;
  readonly #path: string;
  /** Number of the stretch → its bytes; used last, last. */
  readonly #windows = new Map<number, Buffer>();

  constructor(file: FileHandle, path: string) {
    this.#file = file;
    this.#path = path;
  }

  /** @throws DataError (E_RUN_LINE) when the file does not hold a whole line there */
  async read(offset: number, bytes: number): Promise<Buffer> {
    const number = Math.floor(offset / WINDOW_BYTES);
    const from = offset - number * WINDOW_BYTES;
    if (from + bytes <= WINDOW_BYTES) {
      const window = await this.#window(number, from + bytes);
      const line = window.subarray(from, from + bytes);
      if (line.length === bytes && line[bytes - 1] === 10) return line;
    }
    // Across two stretches, or not a line: then the reading of one says what is wrong.
    return readExactly(this.#file, offset, bytes, this.#path);
  }

  /** @param bytes how many of it are wanted: a file that has grown since has more */
  async #window(number: number, bytes: number): Promise<Buffer> {
    let window = this.#windows.get(number);
    this.#windows.delete(number);
    if (window === undefined || window.length < bytes) {
      const data = Buffer.alloc(WINDOW_BYTES);
      let held = 0;
      for (let read = 1; read > 0 && held < data.length; held += read) {
        ({ bytesRead: read } = await this.#file.read(data, held, data.length - held, number * WINDOW_BYTES + held));
      }
      window = data.subarray(0, held);
      if (this.#windows.size >= MOST_WINDOWS) this.#windows.delete(this.#windows.keys().next().value!);
    }
    this.#windows.set(number, window);
    return window;
  }
}
