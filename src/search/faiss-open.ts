import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DataError } from "../core/errors.ts";
import { hashValue, sha256File } from "../lib/hash.ts";
import type { ExactRows } from "./exact-index.ts";
import { buildFaiss, type FaissBuildOptions } from "./faiss-build.ts";
import { FaissIndex, type FaissRecall } from "./faiss-index.ts";
import { type Faiss, loadFaiss, type NativeIndex } from "./faiss-module.ts";

/** Raised whenever the same rows and settings would give another index. */
const INDEX_VERSION = 2;

export interface OpenFaissOptions extends FaissBuildOptions {
  /** The vectors; closed with the index. */
  readonly rows: ExactRows;
  /** What the rows were made from: the hash of corpus, encoder, prefix and text field. */
  readonly rowsKey: string;
  /** Folder of saved indexes; made when needed, safe to delete. */
  readonly cacheDir: string;
  readonly faiss?: Faiss;
}

/** What is kept beside an index. It is written last: an index without it was not finished. */
interface Card {
  readonly key: string;
  readonly sha256: string;
  readonly recall: FaissRecall;
}

/**
 * The faiss index of some rows: loaded when it was saved before, else built and saved with its recall. Its key is the hash of
 * what the rows were made from and of the settings; a file that is damaged or cut short is replaced.
 * @throws UnavailableError where faiss is not there; DataError E_FAISS_SETTINGS, and E_CACHE when the index cannot be saved;
 *   an index that was there stays
 */
export async function openFaiss(options: OpenFaissOptions): Promise<FaissIndex> {
  const { rows, rowsKey, settings, cacheDir, signal } = options;
  const faiss = options.faiss ?? loadFaiss();
  const key = hashValue({ index: "faiss", version: INDEX_VERSION, rowsKey, settings });
  const path = join(cacheDir, `faiss-${key.slice(0, 32)}.index`);
  signal.throwIfAborted();
  const card = await readCard(path, key);
  if (card) {
    const native = faiss.Index.read(path);
    if (native.ntotal() === rows.rows) return new FaissIndex(native, rows, card.recall);
  }
  const { native, recall } = await buildFaiss(faiss, rows, options);
  try {
    await save(path, native, { key, recall });
  } catch (error) {
    const got = (error as NodeJS.ErrnoException).code ?? String((error as Error).message);
    const fix = "make the folder writable, free space on its disk, or name another cache folder";
    const expected = "a folder in which the index can be saved";
    throw new DataError([{ code: "E_CACHE", where: cacheDir, expected, got, fix }], { cause: error });
  }
  return new FaissIndex(native, rows, recall);
}

/** The card of a whole and unharmed index: faiss itself ends the process on some damaged files. */
async function readCard(path: string, key: string): Promise<Card | undefined> {
  try {
    const card = JSON.parse(await readFile(`${path}.json`, "utf8")) as Card;
    return card.key === key && card.sha256 === (await sha256File(path)) ? card : undefined;
  } catch {
    return undefined;
  }
}

async function save(path: string, native: NativeIndex, card: Omit<Card, "sha256">): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const folder = await mkdtemp(join(dirname(path), ".writing-"));
  try {
    const draft = join(folder, "index");
    native.write(draft);
    const sha256 = await sha256File(draft);
    await writeFile(`${draft}.json`, JSON.stringify({ ...card, sha256 } satisfies Card));
    await rename(draft, path);
    await rename(`${draft}.json`, `${path}.json`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
