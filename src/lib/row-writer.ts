import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";

const FLUSH_CHARACTERS = 1 << 18;

/** Writes lines to a new file through a buffer; the file appears with the first line. */
export class RowWriter {
  readonly #path: string;
  readonly #header: string | undefined;
  #file: FileHandle | undefined;
  #buffer = "";
  #rows = 0;

  /** @param header a first line that is no row */
  constructor(path: string, header?: string) {
    this.#path = path;
    this.#header = header;
  }

  get rows(): number {
    return this.#rows;
  }

  /** @param line without its line feed */
  async write(line: string): Promise<void> {
    if (this.#rows === 0 && this.#header !== undefined) this.#buffer = `${this.#header}\n`;
    this.#rows += 1;
    this.#buffer += `${line}\n`;
    if (this.#buffer.length >= FLUSH_CHARACTERS) await this.#flush();
  }

  /** Writes what is left and closes; with `always` there is a file (of the header, if any) even without rows. */
  async close(always = false): Promise<void> {
    if (this.#rows === 0 && this.#header !== undefined) this.#buffer = `${this.#header}\n`;
    if (always || this.#rows > 0) await this.#flush();
    await this.#file?.close();
    this.#file = undefined;
  }

  async #flush(): Promise<void> {
    if (this.#file === undefined) {
      await mkdir(dirname(this.#path), { recursive: true });
      this.#file = await open(this.#path, "wx");
    }
    await this.#file.write(this.#buffer);
    this.#buffer = "";
  }
}
