/** Words of a text as they are compared: letters and digits in lower case. */
const WORD = /[\p{L}\p{N}]+/gu;

/**
 * The hashes of a text's shingles, ascending and each once: every run of `size` words, or all words where there are fewer.
 * Two shingles have the same 32-bit hash by chance about once in four billion.
 */
export function shinglesOf(text: string, size: number): Uint32Array {
  const words = Array.from(text.normalize("NFKC").toLowerCase().matchAll(WORD), ([word]) => hashOf(word));
  const runs = words.length === 0 ? 0 : Math.max(1, words.length - size + 1);
  const hashes = new Uint32Array(runs);
  for (let i = 0; i < runs; i += 1) {
    let hash = 0;
    for (let j = i; j < Math.min(i + size, words.length); j += 1) hash = mix(Math.imul(hash, 0x9e3779b1) ^ words[j]!);
    hashes[i] = hash;
  }
  hashes.sort();
  let distinct = 0;
  for (let i = 0; i < runs; i += 1) if (i === 0 || hashes[i] !== hashes[i - 1]) hashes[distinct++] = hashes[i]!;
  return hashes.subarray(0, distinct);
}

/** Shared ÷ all shingles of two ascending sets, in [0, 1]; 0 when both are empty. */
export function jaccard(a: Uint32Array, b: Uint32Array): number {
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i]! < b[j]!) i += 1;
    else if (a[i]! > b[j]!) j += 1;
    else {
      shared += 1;
      i += 1;
      j += 1;
    }
  }
  const all = a.length + b.length - shared;
  return all === 0 ? 0 : shared / all;
}

/** A family of hash functions, one for each place of a signature. */
export class MinHash {
  readonly #seeds: Uint32Array;

  /** @param length places of a signature */
  constructor(length: number) {
    this.#seeds = Uint32Array.from({ length }, (_, i) => mix(Math.imul(i + 1, 0x9e3779b9)));
  }

  /**
   * Writes the signature of a set: in each place the low 16 bits of the least hash under that place's function. Two
   * signatures agree in a place with the probability of the sets' Jaccard similarity, and by chance once in 65,536.
   */
  sign(shingles: Uint32Array, into: Uint16Array): void {
    for (const [place, seed] of this.#seeds.entries()) {
      let least = 0xffffffff;
      for (let i = 0; i < shingles.length; i += 1) {
        const hash = mix(shingles[i]! ^ seed);
        if (hash < least) least = hash;
      }
      into[place] = least & 0xffff;
    }
  }
}

/** The share of places in which two signatures agree: an estimate of the Jaccard similarity. */
export function agreement(a: Uint16Array, b: Uint16Array): number {
  let same = 0;
  for (let i = 0; i < a.length; i += 1) if (a[i] === b[i]) same += 1;
  return same / a.length;
}

/** FNV-1a over UTF-16 units, finished by {@link mix}. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash);
}

/** MurmurHash3's finisher: a bijection of 32 bits that spreads every bit over all. */
export function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
