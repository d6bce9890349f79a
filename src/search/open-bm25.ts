import { join } from "node:path";
import { DataError } from "../core/errors.ts";
import type { Passage } from "../core/passage.ts";
import type { Problem } from "../core/problem.ts";
import { hashValue } from "../lib/hash.ts";
import { readBm25File, writeBm25File } from "./bm25-file.ts";
import { Bm25Index, type Bm25Settings } from "./bm25-index.ts";
import { type BuildOptions, buildBm25 } from "./build-bm25.ts";

/** Raised whenever the same corpus and settings would give other arrays: tokenizer, stemmer, layout. */
const ANALYSIS_VERSION = 2;

export interface OpenBm25Options extends BuildOptions {
  /** The corpus from its start; called only when the index is not in the cache. */
  readonly passages: () => AsyncIterable<Passage>;
  /** Of the corpus; with the settings it is the key of the saved index. */
  readonly corpusSha256: string;
  readonly settings: Bm25Settings;
  /** Folder of saved indexes; made when needed, safe to delete. */
  readonly cacheDir: string;
}

/**
 * The index of a corpus: loaded when it was saved before, else built and saved. A file that is damaged, cut short or of
 * another version is replaced. Both ways give the same scores to the last bit. k1 and b are not part of what is saved, so
 * that trying other values costs no rebuild.
 * @throws DataError when the index cannot be saved
 */
export async function openBm25(options: OpenBm25Options): Promise<Bm25Index> {
  const { passages, corpusSha256, settings, cacheDir, signal } = options;
  const { stopWords, stemmer, title } = settings;
  const key = hashValue({ analysis: ANALYSIS_VERSION, corpusSha256, tokenizer: "word", stopWords, stemmer, title });
  const path = join(cacheDir, `bm25-${key.slice(0, 32)}.index`);
  signal?.throwIfAborted();
  const saved = await readBm25File(path, key);
  if (saved) return new Bm25Index(saved, settings);
  const built = await buildBm25(passages(), settings, options);
  try {
    await writeBm25File(path, key, built.arrays);
  } catch (error) {
    throw new DataError([notWritable(cacheDir, error)], { cause: error });
  }
  return built;
}

function notWritable(cacheDir: string, error: unknown): Problem {
  return {
    code: "E_CACHE",
    where: cacheDir,
    expected: "a folder in which the index can be saved",
    got: (error as NodeJS.ErrnoException).code ?? "an unknown error",
    fix: "make the folder writable, free space on its disk, or name another cache folder",
  };
}
