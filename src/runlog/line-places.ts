import { type FileHandle, open } from "node:fs/promises";
import { Type } from "@sinclair/typebox";
import { DataError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { readLines } from "../lib/jsonl.ts";
import { checkRecord } from "./check-line.ts";
import { LineReader } from "./line-reader.ts";

/**
 * Where the lines of a file stand, each under a number: what is in them stays on disk until it is asked for, so that a file is read
 * in any order with 12 bytes of memory a number.
 */
export class LinePlaces {
  readonly #path: string;
  readonly #offsets: Float64Array;
  /** 0 where nothing is known. */
  readonly #bytes: Uint32Array;
  #file: FileHandle | undefined;
  #reader: LineReader | undefined;

  /** @param count numbers go from 0 to below it */
  constructor(path: string, count: number) {
    this.#path = path;
    this.#offsets = new Float64Array(count);
    this.#bytes = new Uint32Array(count);
  }

  /**
   * Finds the lines of a JSONL file; a torn last one is left out.
   * @param numberOf the number of a line; undefined for one that is not wanted
   * @throws DataError with every line that is no JSON
   */
  static async scan(
    path: string,
    count: number,
    numberOf: (value: unknown) => number | undefined,
  ): Promise<LinePlaces> {
    const places = new LinePlaces(path, count);
    const problems: Problem[] = [];
    for await (const line of readLines(path)) {
      if (!("error" in line) && !line.terminated) break;
      const checked = checkRecord<unknown>(Type.Unknown(), line, path);
      if (!checked.ok) problems.push(...checked.problems);
      else if (!("error" in line)) {
        const number = numberOf(checked.value);
        if (number !== undefined) places.add(number, { offset: line.offset, bytes: Buffer.byteLength(line.text) + 1 });
      }
    }
    if (problems.length > 0) throw new DataError(problems);
    return places;
  }

  /** @param place of a whole line, its line feed included; of two under one number the later counts */
  add(number: number, { offset, bytes }: { readonly offset: number; readonly bytes: number }): void {
    this.#offsets[number] = offset;
    this.#bytes[number] = bytes;
  }

  has(number: number): boolean {
    return (this.#bytes[number] ?? 0) > 0;
  }

  /** The JSON of a line; undefined where none is known. @throws DataError (E_RUN_LINE) when the file has changed since */
  async read(number: number): Promise<unknown> {
    if (!this.has(number)) return undefined;
    this.#file ??= await open(this.#path, "r");
    this.#reader ??= new LineReader(this.#file, this.#path);
    const line = await this.#reader.read(this.#offsets[number]!, this.#bytes[number]!);
    return JSON.parse(line.toString("utf8"));
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
    this.#reader = undefined;
  }
}
