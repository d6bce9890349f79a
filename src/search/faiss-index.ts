import { BadArgument, DataError } from "../core/errors.ts";
import type { Hit, Ranking } from "../core/ranking.ts";
import type { ExactRows } from "./exact-index.ts";
import type { NativeIndex } from "./faiss-module.ts";

/** How much of what exact search finds an index finds too, measured when it was built. */
export interface FaissRecall {
  readonly k: number;
  /** Vectors that were searched for. */
  readonly queries: number;
  /** Whether they are those of passages of the index, evenly spaced, instead of questions. */
  readonly own: boolean;
  /** Mean share of the exact k nearest that were found, 0 to 1. */
  readonly recall: number;
}

/** Queries that are handed over at once. */
const BATCH = 256;

/** Approximate search by inner product with faiss; rankings in trec_eval's order of what was found. */
export class FaissIndex {
  readonly rows: number;
  readonly dimensions: number;
  readonly recall: FaissRecall;
  readonly #native: NativeIndex;
  readonly #source: ExactRows;

  /** @param source the rows that were added, in their order */
  constructor(native: NativeIndex, source: ExactRows, recall: FaissRecall) {
    this.rows = source.rows;
    this.dimensions = source.dimensions;
    this.recall = recall;
    this.#native = native;
    this.#source = source;
  }

  /**
   * @param queries row-major, any number of vectors of the index's length
   * @param k >= 1; more than there are passages gives as many as are found
   * @returns one ranking a query, in their order; an approximate index may find fewer than k
   * @throws DataError E_ENCODER_DIMENSIONS for queries of another length, E_ENCODER_VECTOR for NaN and infinity
   */
  async search(queries: Float32Array, k: number, signal: AbortSignal): Promise<Ranking[]> {
    if (!(Number.isSafeInteger(k) && k >= 1)) throw new BadArgument(`k must be a whole number of at least 1, got ${k}`);
    this.#check(queries);
    const rankings: Ranking[] = [];
    if (this.rows === 0) return Array.from({ length: queries.length / this.dimensions }, () => []);
    const step = BATCH * this.dimensions;
    for (let from = 0; from < queries.length; from += step) {
      signal.throwIfAborted();
      const found = nearest(this.#native, queries.subarray(from, from + step), Math.min(k, this.rows));
      for (const hits of found) rankings.push(hits.map(([row, score]): Hit => [this.#source.idOf(row), score]));
      await new Promise(setImmediate);
    }
    return rankings;
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  #check(queries: Float32Array): void {
    const where = "queries of a faiss search";
    const { length } = queries;
    if (length % this.dimensions !== 0) {
      const expected = `vectors of ${this.dimensions} dimensions`;
      const fix = "embed the queries with the encoder that made the index";
      const got = `${length} numbers, no multiple of it`;
      throw new DataError([{ code: "E_ENCODER_DIMENSIONS", where, expected, got, fix }]);
    }
    const at = queries.findIndex((x) => !Number.isFinite(x));
    if (at < 0) return;
    const got = `${queries[at]} in query ${Math.floor(at / this.dimensions)}`;
    throw new DataError([
      { code: "E_ENCODER_VECTOR", where, expected: "finite numbers", got, fix: "use another encoder" },
    ]);
  }
}

/** Rows and scores of every query: highest score first, of equal ones the smaller row, which has the higher id. */
export function nearest(native: NativeIndex, queries: Float32Array, k: number): [row: number, score: number][][] {
  if (k === 0 || queries.length === 0) return [];
  const { labels, distances } = native.search(Array.from(queries), k);
  return Array.from({ length: labels.length / k }, (_, query) => {
    const hits: [number, number][] = [];
    for (let i = query * k; i < (query + 1) * k; i += 1) if (labels[i]! >= 0) hits.push([labels[i]!, distances[i]!]);
    return hits.sort(([x, s], [y, t]) => t - s || x - y);
  });
}
