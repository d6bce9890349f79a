import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { hashValue, sha256File } from "../../lib/hash.ts";
import { type Calibrations, type Run, runFolder } from "../../runlog/index.ts";

/**
 * Names what a page is made from, so that it need not be made again from the same. Runs are to be as they ended, which their seals
 * say: what those cover is not read again.
 */
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
    for (const run of runs) folders.push(this.#of.get(run.dir) ?? (await this.#hash(run)));
    return hashValue([this.#code, this.#calibrations, folders]);
  }

  /** The key of what shows something besides. */
  with(key: string | undefined, besides: unknown): string | undefined {
    return key === undefined || besides === undefined ? key : hashValue([key, besides]);
  }

  /** All files of the folder, by their contents: times and inodes change with every copy. What the end line seals, it names. */
  async #hash({ dir, end }: Run): Promise<string> {
    const { log, questions, passages } = runFolder(dir);
    const sealed = new Set([log, questions, passages]);
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    const files: [path: string, sha256: string][] = [];
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile()) files.push([path.slice(dir.length), sealed.has(path) ? "sealed" : await sha256File(path)]);
    }
    const hash = hashValue([end, files.sort(([a], [b]) => (a < b ? -1 : 1))]);
    this.#of.set(dir, hash);
    return hash;
  }
}
