import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { type Run, readScores, type Scores } from "../../runlog/index.ts";

/**
 * The scores of the runs of a site, for every page that needs them: a log is read for them once. Between pages they lie on disk, so
 * that memory does not grow with the number of runs.
 */
export class SiteScores {
  readonly #folder: string;
  readonly #files = new Map<string, string>();

  /** @param folder for as long as the site is built */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Keeps what was read of a run for another reason. */
  async add({ dir }: Run, scores: Scores): Promise<void> {
    const file = join(this.#folder, String(this.#files.size));
    await mkdir(this.#folder, { recursive: true });
    await writeFile(file, serialize(scores));
    this.#files.set(dir, file);
  }

  /** @throws DataError when its log has to be read and is damaged */
  readonly of = async (run: Run): Promise<Scores> => {
    const file = this.#files.get(run.dir);
    if (file !== undefined) return deserialize(await readFile(file)) as Scores;
    const scores = await readScores(run.dir);
    await this.add(run, scores);
    return scores;
  };
}
