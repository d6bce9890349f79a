import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dataScript } from "./data-script.ts";

/**
 * Writes values into numbered data files of equal size, so that a page loads those it shows. They are for a folder that nobody sees
 * yet: there are tens of thousands, and waiting for the disk to have each takes longer than making them.
 */
export class Pieces {
  readonly #out: string;
  readonly #letter: string;
  readonly #size: number;
  #values: unknown[] = [];
  #next = 0;

  /** @param out made where it is not there */
  constructor(out: string, letter: string, size: number) {
    this.#out = out;
    this.#letter = letter;
    this.#size = size;
  }

  async add(value: unknown): Promise<void> {
    this.#values.push(value);
    if (this.#values.length === this.#size) await this.finish();
  }

  async finish(): Promise<void> {
    if (this.#values.length === 0) return;
    const name = `${this.#letter}${String(this.#next).padStart(4, "0")}`;
    if (this.#next === 0) await mkdir(this.#out, { recursive: true });
    await writeFile(join(this.#out, `${name}.js`), dataScript(name, this.#values));
    this.#values = [];
    this.#next += 1;
  }
}
