import { type FileHandle, open } from "node:fs/promises";
import type { Passage } from "../core/passage.ts";
import { readLines } from "../lib/jsonl.ts";
import { checkRecord } from "./check-line.ts";
import { PassageSchema } from "./line-schemas.ts";
import { readPassages } from "./read-run.ts";
import { runFolder } from "./run-folder.ts";

type Places = ReadonlyMap<string, readonly [offset: number, bytes: number]>;

/** The passages that a run keeps, by id; their texts stay on disk. */
export class RunPassages {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #places: Places;

  private constructor(file: FileHandle, path: string, places: Places) {
    this.#file = file;
    this.#path = path;
    this.#places = places;
  }

  /** @throws DataError with every damaged line */
  static async open(dir: string): Promise<RunPassages> {
    const path = runFolder(dir).passages;
    const ids = readPassages(dir);
    const places = new Map<string, readonly [number, number]>();
    const lines = readLines(path);
    for await (const { id } of ids) {
      const { value: line } = await lines.next();
      if (line !== undefined && !("error" in line)) places.set(id, [line.offset, Buffer.byteLength(line.text)]);
    }
    await lines.return(undefined);
    return new RunPassages(await open(path), path, places);
  }

  /** The passage of an id; undefined where the run does not keep it. */
  async get(id: string): Promise<Passage | undefined> {
    const place = this.#places.get(id);
    if (place === undefined) return undefined;
    const [offset, bytes] = place;
    const { buffer } = await this.#file.read(Buffer.alloc(bytes), 0, bytes, offset);
    const line = { number: 0, offset, text: buffer.toString("utf8"), terminated: true };
    const checked = checkRecord<Passage>(PassageSchema, line, this.#path);
    return checked.ok ? checked.value : undefined;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** What Hugging Face's files and people call a passage by: its title, else its document; the id where it is not kept. */
export function titleOf(id: string, passage: Passage | undefined): string {
  return passage?.title || passage?.document || id;
}
