import { join } from "node:path";
import type { Passage } from "../core/passage.ts";
import { hashValue } from "../lib/hash.ts";
import { buildExact, type ExactBuildOptions } from "./exact-build.ts";
import { openExactFile } from "./exact-file.ts";
import { ExactIndex, type ExactOptions, type ExactRows } from "./exact-index.ts";

/** Raised whenever the same corpus, encoder and settings would give another index. */
const INDEX_VERSION = 1;

export interface OpenExactOptions extends ExactBuildOptions, ExactOptions {
  /** The corpus from its start; called only when the index is not in the cache. */
  readonly passages: () => AsyncIterable<Passage>;
  readonly corpusSha256: string;
  /** Folder of saved indexes; made when needed, safe to delete. */
  readonly cacheDir: string;
  /** Vectors of up to this size are held in memory, more are read from disk at every search. @default 1 GiB */
  readonly memoryBytes?: number;
}

/**
 * The exact index of a corpus under an encoder: loaded when it was saved before, else built from the store's vectors and
 * saved. Its key is the hash of corpus, encoder, passage prefix and text field, so that a changed model or corpus never
 * meets an old index; a file that is damaged or cut short is replaced.
 * @throws DataError E_CACHE when the index cannot be saved; an index that was there stays
 */
export async function openExact(options: OpenExactOptions): Promise<ExactIndex> {
  return ExactIndex.create((await openExactRows(options)).rows, options);
}

/** The rows that {@link openExact} searches, and their key: what an approximate index is built from. */
export async function openExactRows(options: OpenExactOptions): Promise<{ rows: ExactRows; key: string }> {
  const { passages, corpusSha256, embedder, title, cacheDir, memoryBytes = 2 ** 30, signal } = options;
  const encoder = { hash: embedder.hash, prefix: embedder.prefixes.passage, dimensions: embedder.dimensions };
  const key = hashValue({ index: "exact", version: INDEX_VERSION, corpusSha256, encoder, title });
  const path = join(cacheDir, `exact-${key.slice(0, 32)}.index`);
  signal.throwIfAborted();
  let rows = await openExactFile(path, key, memoryBytes);
  if (!rows) {
    await buildExact(path, key, passages(), options);
    rows = await openExactFile(path, key, memoryBytes);
    if (!rows) throw new Error(`${path} is not what was just written`);
  }
  return { rows, key };
}
