import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { hashValue, sha256File } from "../lib/hash.ts";
import type { Calibrations, Run } from "../runlog/index.ts";

/** Names what a page is made from, so that it need not be made again from the same. */
export class SiteKeys {
  readonly #code: string | undefined;
  readonly #calibrations: unknown;
  readonly #of = new Map<string, string>();

  /** @param code names the code and the templates; without it nothing has a key, and all is made anew */
  constructor(code: string | undefined, calibrations: Calibrations | undefined) {
    this.#code = code;
    this.#calibrations = Array.from(calibrations ?? []);
  }

  /** Of runs' pages: their logs, grades and labels, the calibrations, the code. Undefined while one of them goes on. */
  async of(...runs: readonly Run[]): Promise<string | undefined> {
    if (this.#code === undefined || runs.some(({ state }) => state !== "complete")) return undefined;
    const folders: string[] = [];
    for (const { dir } of runs) folders.push(this.#of.get(dir) ?? (await this.#hash(dir)));
    return hashValue([this.#code, this.#calibrations, folders]);
  }

  /** The key of what shows something besides. */
  with(key: string | undefined, besides: unknown): string | undefined {
    return key === undefined || besides === undefined ? key : hashValue([key, besides]);
  }

  /** All files of the folder, by their contents: times and inodes change with every copy. */
  async #hash(dir: string): Promise<string> {
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    const files: [path: string, sha256: string][] = [];
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile()) files.push([path.slice(dir.length), await sha256File(path)]);
    }
    const hash = hashValue(files.sort(([a], [b]) => (a < b ? -1 : 1)));
    this.#of.set(dir, hash);
    return hash;
  }
}
