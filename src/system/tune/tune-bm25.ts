import { setImmediate } from "node:timers/promises";
import type { Ranking } from "../../core/ranking.ts";
import { Bm25Index } from "../../search/bm25-index.ts";
import { chooseSetting, type Tuned } from "./choose-setting.ts";

export interface Bm25Sample {
  /** What is searched for. */
  readonly text: string;
  /** The document of the question; the question's own id where it has none. */
  readonly cluster: string;
}

/** The two numbers of BM25. */
export interface Bm25Constants {
  readonly k1: number;
  readonly b: number;
}

/** k1 .6 to 2.1 by b .2 to 1, Lucene's 1.2 and .75 first: they are kept where no others are better. */
export const BM25_GRID: readonly Bm25Constants[] = [
  { k1: 1.2, b: 0.75 },
  ...[0.6, 0.9, 1.2, 1.5, 1.8, 2.1].flatMap((k1) => [0.2, 0.4, 0.6, 0.75, 0.9, 1].map((b) => ({ k1, b }))),
].filter(({ k1, b }, at) => at === 0 || k1 !== 1.2 || b !== 0.75);

export interface TuneBm25Options {
  /** Passages ranked for each question. */
  readonly depth: number;
  readonly signal: AbortSignal;
  /** To learn what choosing is worth on unseen documents; see {@link chooseSetting}. */
  readonly folds?: number;
  /** Called after every setting with how many were tried. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Chooses k1 and b. The index is built once: neither is part of what it holds.
 * @param index of the corpus, under any k1 and b
 * @param score of a ranking for one question, more is better
 * @throws the signal's reason when it is aborted; BadArgument for an empty grid or no samples
 */
export async function tuneBm25<S extends Bm25Sample>(
  index: Bm25Index,
  samples: readonly S[],
  grid: readonly Bm25Constants[],
  score: (ranking: Ranking, sample: S) => number,
  { depth, signal, folds, onProgress }: TuneBm25Options,
): Promise<Tuned<Bm25Constants>> {
  const scores: Float64Array[] = [];
  for (const { k1, b } of grid) {
    const tried = new Bm25Index(index.arrays, { ...index.settings, k1, b });
    const row = new Float64Array(samples.length);
    for (const [at, sample] of samples.entries()) {
      row[at] = score(tried.search(sample.text, depth), sample);
      if (at % 32 !== 31) continue;
      await setImmediate();
      signal.throwIfAborted();
    }
    scores.push(row);
    signal.throwIfAborted();
    onProgress?.(scores.length, grid.length);
  }
  return chooseSetting({ settings: grid, scores, clusters: samples.map(({ cluster }) => cluster) }, folds);
}
