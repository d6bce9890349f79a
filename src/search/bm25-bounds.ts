import type { Bm25Arrays } from "./bm25-arrays.ts";

/** Passages of a block, as a power of 2. */
export const BLOCK_BITS = 9;
/** A term has bounds of its own for every block when it has so many postings for each, on average. */
const COMMON = 4;
const STEPS = 255;

/**
 * The most that a term can add to a score: over the whole corpus, and for a common term over each block of consecutive
 * passages, of which most hold no passage that is as short and has it as often.
 */
export class PartBounds {
  readonly blocks: number;
  readonly #ofTerm: Float64Array;
  /** Of common terms by block, rounded up to a multiple of 1 / STEPS. */
  readonly #ofBlock = new Map<number, Uint8Array>();

  /** @param parts by pair, from 0 to 1 */
  constructor(arrays: Bm25Arrays, parts: Float64Array) {
    const { postingStart, lengths } = arrays;
    this.blocks = Math.ceil(lengths.length / (1 << BLOCK_BITS));
    this.#ofTerm = new Float64Array(postingStart.length - 1);
    for (let term = 0; term < this.#ofTerm.length; term += 1) {
      const start = postingStart[term]!;
      const end = postingStart[term + 1]!;
      this.#ofTerm[term] = largest(arrays, parts, start, end);
      if (end - start >= COMMON * this.blocks) this.#ofBlock.set(term, byBlock(arrays, parts, start, end, this.blocks));
    }
  }

  /** Adds a term's bounds, times its weight, to those of every block. */
  addTo(sums: Float64Array, term: number, weight: number): void {
    const ofBlock = this.#ofBlock.get(term);
    if (ofBlock) {
      const step = weight / STEPS;
      for (let block = 0; block < sums.length; block += 1) sums[block] = sums[block]! + step * ofBlock[block]!;
    } else {
      const bound = weight * this.#ofTerm[term]!;
      for (let block = 0; block < sums.length; block += 1) sums[block] = sums[block]! + bound;
    }
  }
}

function largest({ postingPair }: Bm25Arrays, parts: Float64Array, start: number, end: number): number {
  let bound = 0;
  for (let p = start; p < end; p += 1) {
    const part = parts[postingPair[p]!]!;
    if (part > bound) bound = part;
  }
  return bound;
}

function byBlock(
  { postingDocument, postingPair }: Bm25Arrays,
  parts: Float64Array,
  start: number,
  end: number,
  blocks: number,
): Uint8Array {
  const bounds = new Uint8Array(blocks);
  for (let p = start; p < end; p += 1) {
    const block = postingDocument[p]! >>> BLOCK_BITS;
    const bound = Math.ceil(parts[postingPair[p]!]! * STEPS);
    if (bound > bounds[block]!) bounds[block] = bound;
  }
  return bounds;
}
