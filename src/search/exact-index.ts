import { InferenceSession, Tensor } from "onnxruntime-node";
import { BadArgument, DataError } from "../core/errors.ts";
import type { Hit, Ranking } from "../core/ranking.ts";
import { exactGraph } from "./exact-graph.ts";
import { ExactTop } from "./exact-top.ts";

/** Passages of an index in the order of its rows: by id, descending by bytes. */
export interface ExactRows {
  readonly rows: number;
  readonly dimensions: number;
  idOf(row: number): string;
  /** The vectors of rows [from, to), row-major. What it gives may be overwritten by the next call. */
  read(from: number, to: number): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface ExactOptions {
  /** Threads of one search. @default what onnxruntime takes: one for each core */
  readonly threads?: number;
  /** Rows that are searched at once. @default 8192 */
  readonly slab?: number;
}

/** Queries that are searched for at once. */
const BATCH = 256;

/**
 * Exact search: the k passages of largest inner product, all passages compared. One slab of vectors after another passes
 * through an ONNX graph of a matrix product and TopK, so that memory is that of a slab. Scores are 32-bit floats; equal ones
 * are ranked by id descending by bytes, as trec_eval does: rows are in that order, and the smaller row wins. Scores of the
 * same pair may differ in their last bit between batches of different size, for a product's sums are ordered by its shape.
 */
export class ExactIndex {
  readonly rows: number;
  readonly dimensions: number;
  readonly #source: ExactRows;
  readonly #session: InferenceSession;
  readonly #slab: number;
  /** Searches follow one another: they share the source's buffer. */
  #running: Promise<unknown> = Promise.resolve();

  private constructor(source: ExactRows, session: InferenceSession, slab: number) {
    this.#source = source;
    this.#session = session;
    this.#slab = slab;
    this.rows = source.rows;
    this.dimensions = source.dimensions;
  }

  static async create(source: ExactRows, { threads, slab = 8192 }: ExactOptions = {}): Promise<ExactIndex> {
    if (!(Number.isSafeInteger(slab) && slab > 0)) throw new BadArgument(`slab must be a whole number, got ${slab}`);
    const session = await InferenceSession.create(exactGraph(source.dimensions), {
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
      // The arena would keep the largest slab of products for good.
      enableCpuMemArena: false,
      logSeverityLevel: 3,
    });
    return new ExactIndex(source, session, slab);
  }

  /**
   * @param queries row-major, any number of vectors of the index's length
   * @param k >= 1; more than there are passages gives all of them
   * @returns one ranking a query, in their order
   * @throws DataError E_ENCODER_DIMENSIONS for queries of another length, E_ENCODER_VECTOR for NaN and infinity
   */
  async search(queries: Float32Array, k: number, signal: AbortSignal): Promise<Ranking[]> {
    if (!(Number.isSafeInteger(k) && k >= 1)) throw new BadArgument(`k must be a whole number of at least 1, got ${k}`);
    this.#check(queries);
    const done = this.#running.then(() => this.#searchAll(queries, Math.min(k, this.rows), signal));
    this.#running = done.catch(() => undefined);
    return done;
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  async #searchAll(queries: Float32Array, k: number, signal: AbortSignal): Promise<Ranking[]> {
    const rankings: Ranking[] = [];
    const step = BATCH * this.dimensions;
    for (let from = 0; from < queries.length; from += step) {
      rankings.push(...(await this.#searchBatch(queries.subarray(from, from + step), k, signal)));
    }
    return rankings;
  }

  async #searchBatch(queries: Float32Array, k: number, signal: AbortSignal): Promise<Ranking[]> {
    const count = queries.length / this.dimensions;
    const top = new ExactTop(count, k);
    const feed = new Tensor("float32", queries, [count, this.dimensions]);
    for (let from = 0; from < this.rows; from += this.#slab) {
      signal.throwIfAborted();
      const to = Math.min(from + this.#slab, this.rows);
      const vectors = await this.#source.read(from, to);
      const found = Math.min(k, to - from);
      const { scores, rows } = await this.#session.run({
        queries: feed,
        vectors: new Tensor("float32", vectors, [to - from, this.dimensions]),
        k: new Tensor("int64", BigInt64Array.of(BigInt(found)), [1]),
      });
      top.add(scores!.data as Float32Array, rows!.data as BigInt64Array, found, from);
    }
    return Array.from({ length: count }, (_, query) =>
      Array.from(top.hits(query), ([row, score]): Hit => [this.#source.idOf(row), score]),
    );
  }

  #check(queries: Float32Array): void {
    const fix = "embed the queries with the encoder that made the index";
    if (queries.length % this.dimensions !== 0) {
      const expected = `vectors of ${this.dimensions} dimensions`;
      throw invalid("E_ENCODER_DIMENSIONS", expected, `${queries.length} numbers, no multiple of it`, fix);
    }
    const at = queries.findIndex((x) => !Number.isFinite(x));
    if (at < 0) return;
    const got = `${queries[at]} in query ${Math.floor(at / this.dimensions)}`;
    throw invalid("E_ENCODER_VECTOR", "finite numbers", got, "use another encoder");
  }
}

function invalid(code: string, expected: string, got: string, fix: string): DataError {
  return new DataError([{ code, where: "queries of an exact search", expected, got, fix }]);
}
