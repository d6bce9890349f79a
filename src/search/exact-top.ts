/**
 * The best rows of several queries, gathered slab by slab. Slabs come in the order of their rows, each with its hits best
 * first, so that keeping the earlier of equal scores keeps the smaller row, as within a slab.
 */
export class ExactTop {
  readonly k: number;
  #scores: Float32Array;
  #rows: Float64Array;
  #nextScores: Float32Array;
  #nextRows: Float64Array;
  #count = 0;

  constructor(queries: number, k: number) {
    this.k = k;
    this.#scores = new Float32Array(queries * k);
    this.#rows = new Float64Array(queries * k);
    this.#nextScores = new Float32Array(queries * k);
    this.#nextRows = new Float64Array(queries * k);
  }

  /** How many hits each query has: the same for all, at most k. */
  get count(): number {
    return this.#count;
  }

  /**
   * Merges the hits of the next slab.
   * @param scores queries × found, each row descending
   * @param rows of the slab, as many
   * @param start the slab's first row
   */
  add(scores: Float32Array, rows: BigInt64Array, found: number, start: number): void {
    const { k } = this;
    const count = Math.min(k, this.#count + found);
    const queries = this.#scores.length / k;
    for (let query = 0; query < queries; query += 1) {
      let kept = query * k;
      const lastKept = kept + this.#count;
      let fresh = query * found;
      const lastFresh = fresh + found;
      for (let to = query * k; to < query * k + count; to += 1) {
        if (kept < lastKept && (fresh === lastFresh || this.#scores[kept]! >= scores[fresh]!)) {
          this.#nextScores[to] = this.#scores[kept]!;
          this.#nextRows[to] = this.#rows[kept]!;
          kept += 1;
        } else {
          this.#nextScores[to] = scores[fresh]!;
          this.#nextRows[to] = start + Number(rows[fresh]!);
          fresh += 1;
        }
      }
    }
    [this.#scores, this.#nextScores] = [this.#nextScores, this.#scores];
    [this.#rows, this.#nextRows] = [this.#nextRows, this.#rows];
    this.#count = count;
  }

  /** The hits of one query, best first: row and score. */
  *hits(query: number): Generator<readonly [row: number, score: number]> {
    for (let i = query * this.k; i < query * this.k + this.#count; i += 1) yield [this.#rows[i]!, this.#scores[i]!];
  }
}
