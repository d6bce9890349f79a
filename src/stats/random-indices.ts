import type { Rng } from "../core/rng.ts";
import { RandomWords } from "./random-words.ts";

const BLOCK = 4096;
const WORD = 0x1_0000_0000;

/**
 * Uniform integers in [0, n) in bulk, without bias: multiply a random word by n, keep the high part, and draw again in
 * the rare case that the low part falls into the incomplete last block. Source: Lemire, ACM TOMACS 29, 2019.
 * For n up to 4096 half a word is enough (at most 1 draw in 16 is repeated), and one word gives two integers.
 */
export class RandomIndices {
  readonly #words = new Uint32Array(BLOCK);
  readonly #source: RandomWords;
  readonly #n: number;
  #next = BLOCK;

  /** @param n >= 1; beyond 2^21 products are rounded, and the bias is below 2^-31 */
  constructor(rng: Rng, n: number) {
    this.#source = new RandomWords(rng);
    this.#n = n;
  }

  /** Overwrites `indices`. */
  fill(indices: Uint32Array): void {
    if (this.#n <= 4096) this.#fillFromHalves(indices);
    else this.#fillFromWords(indices);
  }

  #fillFromHalves(indices: Uint32Array): void {
    const n = this.#n;
    const rejected = 0x1_0000 % n;
    const words = this.#words;
    const end = indices.length;
    let next = this.#next;
    let i = 0;
    while (i < end) {
      if (next === BLOCK) {
        this.#source.fill(words);
        next = 0;
      }
      const word = words[next++]!;
      const first = Math.imul(word & 0xffff, n);
      if ((first & 0xffff) >= rejected) indices[i++] = first >>> 16;
      const second = Math.imul(word >>> 16, n);
      // Past the end the write is ignored.
      if ((second & 0xffff) >= rejected) indices[i++] = second >>> 16;
    }
    this.#next = next;
  }

  #fillFromWords(indices: Uint32Array): void {
    const n = this.#n;
    const rejected = WORD % n;
    const words = this.#words;
    const end = indices.length;
    let next = this.#next;
    let i = 0;
    while (i < end) {
      if (next === BLOCK) {
        this.#source.fill(words);
        next = 0;
      }
      const product = words[next++]! * n;
      const high = Math.floor(product / WORD);
      if (product - high * WORD >= rejected) indices[i++] = high;
    }
    this.#next = next;
  }
}
