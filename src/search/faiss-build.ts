import { ExactIndex, type ExactRows } from "./exact-index.ts";
import { type FaissRecall, nearest } from "./faiss-index.ts";
import type { Faiss, NativeIndex } from "./faiss-module.ts";
import { emptyFaiss, type FaissSettings } from "./faiss-settings.ts";

export interface FaissBuildOptions {
  readonly settings: FaissSettings;
  /**
   * Vectors of questions, row-major, to measure recall with; asked for when the index stands. Vectors of passages, taken where
   * there are none, are in the graph themselves and flatter it: on 20,000 passages an HNSW index of faiss' defaults found
   * .98 of what is nearest to passages and .87 of what is nearest to questions.
   */
  readonly questions?: () => Promise<Float32Array>;
  readonly signal: AbortSignal;
  /** Called after every slab with how many passages were added. */
  readonly onProgress?: (done: number) => void;
}

/** Numbers handed over at once: faiss-node copies them out of an array of JavaScript's. */
const SLAB_NUMBERS = 1 << 19;
/** Vectors that each cell's centre is learnt from, about: faiss asks for at least 39. */
const TRAINING = 64;
const RECALL_QUERIES = 200;
const RECALL_AT = 10;

/** Builds an index over the rows, slab by slab, and measures its recall against exact search over the same. */
export async function buildFaiss(
  faiss: Faiss,
  rows: ExactRows,
  { settings, questions, signal, onProgress }: FaissBuildOptions,
): Promise<{ native: NativeIndex; recall: FaissRecall }> {
  const native = emptyFaiss(faiss, rows.dimensions, rows.rows, settings);
  if (settings.kind === "ivf") native.train(Array.from(await evenly(rows, settings.nlist * TRAINING, signal)));
  const slab = Math.max(1, Math.floor(SLAB_NUMBERS / rows.dimensions));
  for (let from = 0; from < rows.rows; from += slab) {
    signal.throwIfAborted();
    const to = Math.min(from + slab, rows.rows);
    native.add(Array.from(await rows.read(from, to)));
    onProgress?.(to);
    await new Promise(setImmediate);
  }
  const asked = (await questions?.()) ?? new Float32Array(0);
  const own = asked.length === 0;
  const queries = own ? await evenly(rows, RECALL_QUERIES, signal) : asked;
  return { native, recall: { ...(await recallOf(native, rows, queries, signal)), own } };
}

async function recallOf(
  native: NativeIndex,
  rows: ExactRows,
  queries: Float32Array,
  signal: AbortSignal,
): Promise<Omit<FaissRecall, "own">> {
  const k = Math.min(RECALL_AT, rows.rows);
  const count = queries.length / rows.dimensions;
  if (count === 0 || k === 0) return { k, queries: 0, recall: 1 };
  const exact = await (await ExactIndex.create(rows)).search(queries, k, signal);
  let found = 0;
  for (const [query, hits] of nearest(native, queries, k).entries()) {
    const ids = new Set(exact[query]!.map(([id]) => id));
    for (const [row] of hits) if (ids.has(rows.idOf(row))) found += 1;
  }
  return { k, queries: count, recall: found / (count * k) };
}

/** Up to `wanted` vectors at even distances. */
async function evenly(rows: ExactRows, wanted: number, signal: AbortSignal): Promise<Float32Array> {
  const { dimensions } = rows;
  const count = Math.min(wanted, rows.rows);
  const vectors = new Float32Array(count * dimensions);
  for (let i = 0; i < count; i += 1) {
    signal.throwIfAborted();
    const row = Math.floor((i * rows.rows) / count);
    vectors.set(await rows.read(row, row + 1), i * dimensions);
  }
  return vectors;
}
