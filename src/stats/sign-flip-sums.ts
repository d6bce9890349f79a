import type { Rng } from "../core/rng.ts";
import { RandomWords } from "./random-words.ts";

/** Sums of fixed numbers under flipped signs. */
export interface SignFlipSums {
  /** The sum with all signs kept. */
  readonly observed: number;
  /** How many of all 2^m assignments of signs have an absolute sum of at least `limit`. @throws RangeError beyond m = 31 */
  countAll(limit: number): number;
  /** How many of `draws` random assignments have one. */
  countDrawn(limit: number, draws: number, rng: Rng): number;
}

/**
 * Eight numbers have 256 signed sums: they are tabulated once, and an assignment of signs is then one look-up per
 * random byte instead of eight multiplications.
 */
export function signFlipSums(numbers: Float64Array): SignFlipSums {
  const bytes = Math.ceil(numbers.length / 8);
  const wordsPerDraw = Math.ceil(bytes / 4);
  // Padded to whole words with tables of zeros.
  const tables = new Float64Array(wordsPerDraw * 4 * 256);
  for (let byte = 0; byte < bytes; byte++) {
    const table = tables.subarray(byte * 256, (byte + 1) * 256);
    fillTable(table, numbers.subarray(byte * 8, byte * 8 + 8));
  }

  const sumOf = (words: Uint32Array, start: number): number => {
    let a = 0;
    let b = 0;
    let table = 0;
    for (let i = start; i < start + wordsPerDraw; i++) {
      const word = words[i]!;
      a += tables[table + (word & 255)]! + tables[table + 256 + ((word >>> 8) & 255)]!;
      b += tables[table + 512 + ((word >>> 16) & 255)]! + tables[table + 768 + (word >>> 24)]!;
      table += 1024;
    }
    return a + b;
  };

  return {
    observed: sumOf(new Uint32Array(wordsPerDraw), 0),
    countAll(limit) {
      if (numbers.length > 31) throw new RangeError(`2^${numbers.length} assignments are too many to enumerate`);
      const words = new Uint32Array(wordsPerDraw);
      let hits = 0;
      for (let assignment = 0; assignment < 2 ** numbers.length; assignment++) {
        words[0] = assignment;
        if (Math.abs(sumOf(words, 0)) >= limit) hits++;
      }
      return hits;
    },
    countDrawn(limit, draws, rng) {
      const random = new RandomWords(rng);
      const drawsPerBlock = Math.max(1, Math.floor(4096 / wordsPerDraw));
      const words = new Uint32Array(drawsPerBlock * wordsPerDraw);
      let hits = 0;
      for (let done = 0; done < draws; done += drawsPerBlock) {
        random.fill(words);
        const here = Math.min(drawsPerBlock, draws - done);
        for (let draw = 0; draw < here; draw++) {
          if (Math.abs(sumOf(words, draw * wordsPerDraw)) >= limit) hits++;
        }
      }
      return hits;
    },
  };
}

/** Entry `bits` is the sum with the sign of number i flipped where bit i is set. */
function fillTable(table: Float64Array, numbers: Float64Array): void {
  for (let bits = 0; bits < 256; bits++) {
    let total = 0;
    for (let i = 0; i < numbers.length; i++) total += (bits >>> i) & 1 ? -numbers[i]! : numbers[i]!;
    table[bits] = total;
  }
}
