import { createHash } from "node:crypto";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "../core/errors.ts";
import { replaceFile } from "../lib/atomic.ts";
import { quoteValue } from "../lib/text.ts";
import type { Embedder } from "./embedder.ts";
import { encoderError } from "./encoder-problem.ts";
import { readJsonObject } from "./json-file.ts";
import { KEY_BYTES, KeyTable } from "./key-table.ts";
import { VectorSegment } from "./vector-segment.ts";

const VERSION = 1;

/**
 * Vectors kept on disk, so that a text is encoded once: below `<folder>/<hash of the encoder>/`, keyed by the hash of the
 * text as it is encoded, prefix included. Every process writes a segment of its own, so that two at once do not disturb each
 * other (at worst both encode the same text) and a kill costs what was being written. Safe to delete. Only keys are held in
 * memory, in flat arrays.
 */
export class VectorStore {
  readonly #folder: string;
  readonly #dimensions: number;
  readonly #table = new KeyTable();
  readonly #segments: VectorSegment[] = [];
  /** The rows of each segment's appends, by the store's row numbers, ascending. */
  readonly #runs: { readonly start: number; readonly segment: VectorSegment; readonly row: number }[] = [];
  #own: VectorSegment | undefined;
  /** Appends follow one another, whoever asks. */
  #appending: Promise<unknown> = Promise.resolve();

  private constructor(folder: string, dimensions: number) {
    this.#folder = folder;
    this.#dimensions = dimensions;
  }

  /**
   * The vectors of one encoder.
   * @param folder of the stores of all encoders; made when needed
   * @throws DataError E_ENCODER_DIMENSIONS when the encoder's vectors had another length before, E_CACHE when the
   *   folder cannot be used
   */
  static async open(folder: string, encoder: Pick<Embedder, "hash" | "dimensions">): Promise<VectorStore> {
    const own = join(folder, encoder.hash.slice(0, 32));
    const store = new VectorStore(own, encoder.dimensions);
    try {
      await mkdir(own, { recursive: true });
      await checkManifest(join(own, "store.json"), encoder);
      const names = (await readdir(own)).filter((name) => name.endsWith(".keys")).sort();
      for (const name of names) {
        const start = store.#table.size;
        const path = join(own, name.slice(0, -".keys".length));
        const segment = await VectorSegment.open(path, encoder.dimensions, (key) => store.#table.add(key));
        store.#segments.push(segment);
        if (segment.rows > 0) store.#runs.push({ start, segment, row: 0 });
      }
      return store;
    } catch (error) {
      await store.close();
      throw notUsable(own, error);
    }
  }

  /** How many vectors are kept. */
  get size(): number {
    return this.#table.size;
  }

  /** @param encoded the text with its prefix @returns the key of its vector */
  static keyOf(encoded: string): Uint8Array {
    return createHash("sha256").update(encoded).digest().subarray(0, KEY_BYTES);
  }

  /** @returns the row of a key's vector, or -1 */
  find(key: Uint8Array): number {
    return this.#table.find(key);
  }

  /**
   * Copies vectors to `into`, the vector of `rows[i]` to its i-th row; a row of -1 is passed over.
   * @returns the i whose vectors are not what was written: the disk lost them
   */
  async read(rows: readonly number[], into: Float32Array): Promise<number[]> {
    const width = this.#dimensions;
    const lost: number[] = [];
    for (let from = 0; from < rows.length; ) {
      const run = rows[from]! < 0 ? undefined : this.#runOf(rows[from]!);
      let to = from + 1;
      // Texts that were encoded together are mostly asked for together: one read for all that lie side by side.
      while (run && to < rows.length && rows[to] === rows[to - 1]! + 1 && rows[to]! < run.end) to += 1;
      if (run) {
        const intact = await run.segment.read(run.row, into.subarray(from * width, to * width));
        for (const [i, whole] of intact.entries()) if (!whole) lost.push(from + i);
      }
      from = to;
    }
    return lost;
  }

  /**
   * Keeps vectors. A key that is there already gets the new vector.
   * @throws DataError E_CACHE when they cannot be written; what was kept before stays
   */
  async append(keys: readonly Uint8Array[], vectors: Float32Array): Promise<void> {
    if (keys.length === 0) return;
    const done = this.#appending.then(() => this.#append(keys, vectors));
    this.#appending = done.catch(() => undefined);
    await done;
  }

  async #append(keys: readonly Uint8Array[], vectors: Float32Array): Promise<void> {
    try {
      this.#own ??= await this.#createSegment();
      const row = this.#own.rows;
      await this.#own.append(Buffer.concat(keys), vectors);
      this.#runs.push({ start: this.#table.size, segment: this.#own, row });
      for (const key of keys) this.#table.add(key);
    } catch (error) {
      throw notUsable(this.#folder, error);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#segments.map((segment) => segment.close()));
  }

  async #createSegment(): Promise<VectorSegment> {
    for (let number = this.#segments.length + 1; ; number += 1) {
      try {
        const path = join(this.#folder, String(number).padStart(6, "0"));
        const segment = await VectorSegment.create(path, this.#dimensions);
        this.#segments.push(segment);
        return segment;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
    }
  }

  #runOf(row: number): { segment: VectorSegment; row: number; end: number } {
    let low = 0;
    let high = this.#runs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#runs[middle]!.start <= row) low = middle;
      else high = middle - 1;
    }
    const { segment, start, row: first } = this.#runs[low]!;
    return { segment, row: first + row - start, end: this.#runs[low + 1]?.start ?? this.#table.size };
  }
}

async function checkManifest(path: string, { hash, dimensions }: Pick<Embedder, "hash" | "dimensions">) {
  const manifest = await readJsonObject(path, "E_ENCODER_DIMENSIONS");
  if (!manifest) return replaceFile(path, `${JSON.stringify({ version: VERSION, hash, dimensions })}\n`);
  if (manifest.version === VERSION && manifest.hash === hash && manifest.dimensions === dimensions) return;
  const expected = `version ${VERSION}, the encoder ${hash} and ${dimensions} dimensions`;
  throw encoderError("E_ENCODER_DIMENSIONS", path, [expected, quoteValue(manifest), "delete the folder of this file"]);
}

function notUsable(where: string, error: unknown): unknown {
  const got = (error as NodeJS.ErrnoException).code;
  if (error instanceof DataError || got === undefined) return error;
  const expected = "a folder in which vectors can be kept";
  const fix = "make the folder writable, free space on its disk, or name another cache folder";
  return new DataError([{ code: "E_CACHE", where, expected, got, fix }], { cause: error });
}
