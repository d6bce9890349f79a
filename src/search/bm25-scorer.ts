import type { Bm25Arrays } from "./bm25-arrays.ts";
import { BLOCK_BITS, PartBounds } from "./bm25-bounds.ts";
import { Highest } from "./highest.ts";
import { topDocuments } from "./top-documents.ts";

/** A term of the query: its number, and idf times how often it stands in the query. */
export interface WeightedTerm {
  readonly term: number;
  readonly weight: number;
}

/** Sums are compared with bounds that were added in another order: more than rounding, to 32 bits too, can make of it. */
const SLACK = 1 - 1e-6;
/** Looking one passage up in a list costs about as much as reading so many of its postings. */
const LOOK_UP = 32;

/**
 * Finds the best passages without scoring all of them, and exactly: MaxScore (Turtle and Flood 1995), a term at a time.
 *
 * A score is the sum of its terms' parts, added from the rarest term to the most common. Terms are taken in that order. After
 * each the best candidates so far are scored in full: the k-th of them is a floor of the result, and candidates that cannot
 * reach it, whatever the terms to come, are dropped. A passage that none of the terms so far has becomes a candidate only if
 * this term's part and all that may follow reach the floor; the common terms bring none, and are looked up for the few
 * candidates left. Parts are added in the same order either way: the scores are those of reading every posting, to the last bit.
 */
export class Bm25Scorer {
  readonly #arrays: Bm25Arrays;
  /** tf / (tf + norm) of every pair of frequency and length. */
  readonly #parts: Float64Array;
  readonly #bounds: PartBounds;
  readonly #scores: Float64Array;
  /** Which passages are candidates, a bit each: small enough for the processor's cache, as the scores are not. */
  readonly #isCandidate: Int32Array;
  readonly #candidates: Uint32Array;
  #count = 0;

  /** @param norm k1 · (1 − b + b · dl / avgdl) of a passage of dl terms */
  constructor(arrays: Bm25Arrays, norm: (length: number) => number) {
    const { lengths, pairFrequency, pairLength } = arrays;
    this.#arrays = arrays;
    this.#parts = Float64Array.from(pairFrequency, (tf, pair) => tf / (tf + norm(pairLength[pair]!)));
    this.#bounds = new PartBounds(arrays, this.#parts);
    this.#scores = new Float64Array(lengths.length);
    this.#isCandidate = new Int32Array(Math.ceil(lengths.length / 32));
    this.#candidates = new Uint32Array(lengths.length);
  }

  /**
   * The best k passages with a term of the query, in trec_eval's order, with their scores.
   * @param terms each once
   */
  best(terms: readonly WeightedTerm[], k: number): (readonly [document: number, score: number])[] {
    const rarest = terms.toSorted((a, b) => this.#size(a) - this.#size(b) || a.term - b.term);
    const rest = this.#rest(rarest);
    const least = new Float64Array(this.#bounds.blocks);
    const finished = new Highest(k);
    const seen = new Set<number>();
    this.#count = 0;
    for (const [i, term] of rarest.entries()) {
      const size = this.#size(term);
      const mayAdd = missing(least, finished.floor, rest[i]!);
      if (!mayAdd && this.#count * LOOK_UP < size) {
        this.#lookUp(term, least);
      } else {
        missing(least, finished.floor, rest[i + 1]!);
        this.#read(term, least);
      }
      const next = rarest[i + 1];
      if (!next || this.#size(next) < k * LOOK_UP) continue;
      missing(least, finished.floor, rest[i + 1]!);
      for (const document of this.#sift(least, k)) {
        if (seen.has(document)) continue;
        seen.add(document);
        finished.offer(SLACK * this.#finish(document, rarest, i + 1), document);
      }
    }
    const scores = this.#scores;
    const best = topDocuments(this.#candidates, this.#count, scores, k, this.#arrays);
    this.#clear();
    return best.map((document) => [document, scores[document]!] as const);
  }

  /** What the terms from the i-th on can add to a score in each block. */
  #rest(terms: readonly WeightedTerm[]): Float64Array[] {
    const rest = [new Float64Array(this.#bounds.blocks)];
    for (const { term, weight } of terms.toReversed()) {
      const sums = rest[0]!.slice();
      this.#bounds.addTo(sums, term, weight);
      rest.unshift(sums);
    }
    return rest;
  }

  #size({ term }: WeightedTerm): number {
    const { postingStart } = this.#arrays;
    return postingStart[term + 1]! - postingStart[term]!;
  }

  /** Reads all postings of a term; those of passages that are no candidates yet count when their part is `least` or more. */
  #read({ term, weight }: WeightedTerm, least: Float64Array): void {
    const { postingStart, postingDocument, postingPair } = this.#arrays;
    const parts = this.#parts;
    const scores = this.#scores;
    const candidates = this.#candidates;
    const isCandidate = this.#isCandidate;
    const end = postingStart[term + 1]!;
    let count = this.#count;
    for (let p = postingStart[term]!; p < end; p += 1) {
      const document = postingDocument[p]!;
      const word = document >>> 5;
      const bits = isCandidate[word]!;
      const bit = 1 << (document & 31);
      if ((bits & bit) !== 0) {
        scores[document] = scores[document]! + weight * parts[postingPair[p]!]!;
        continue;
      }
      const part = weight * parts[postingPair[p]!]!;
      if (part < least[document >>> BLOCK_BITS]!) continue;
      isCandidate[word] = bits | bit;
      scores[document] = part;
      candidates[count++] = document;
    }
    this.#count = count;
  }

  /** Adds a term's part to the candidates that have it and whose score so far is `least` or more. */
  #lookUp(term: WeightedTerm, least: Float64Array): void {
    const scores = this.#scores;
    for (let i = 0; i < this.#count; i += 1) {
      const document = this.#candidates[i]!;
      const score = scores[document]!;
      if (score >= least[document >>> BLOCK_BITS]!) scores[document] = score + this.#part(term, document);
    }
  }

  /** The score of a candidate to which the terms before `next` are added. */
  #finish(document: number, terms: readonly WeightedTerm[], next: number): number {
    let score = this.#scores[document]!;
    for (let i = next; i < terms.length; i += 1) score += this.#part(terms[i]!, document);
    return score;
  }

  /** Drops the candidates whose score so far is below `least`; the k highest of the others, in no order. */
  #sift(least: Float64Array, k: number): Uint32Array {
    const scores = this.#scores;
    const candidates = this.#candidates;
    const isCandidate = this.#isCandidate;
    const leading = new Highest(k);
    let kept = 0;
    for (let i = 0; i < this.#count; i += 1) {
      const document = candidates[i]!;
      const score = scores[document]!;
      if (score < least[document >>> BLOCK_BITS]!) {
        isCandidate[document >>> 5]! &= ~(1 << (document & 31));
        continue;
      }
      candidates[kept++] = document;
      if (score > leading.floor) leading.offer(score, document);
    }
    this.#count = kept;
    return leading.owners.subarray(0, leading.size);
  }

  #clear(): void {
    for (let i = 0; i < this.#count; i += 1) this.#isCandidate[this.#candidates[i]! >>> 5] = 0;
  }

  /** What a term adds to a passage: its posting is searched for around the place it has if they are spread evenly. */
  #part({ term, weight }: WeightedTerm, document: number): number {
    const { postingStart, postingDocument, postingPair, lengths } = this.#arrays;
    const start = postingStart[term]!;
    const end = postingStart[term + 1]!;
    let low = start;
    let high = end;
    let at = start + Math.floor(((end - start) * document) / lengths.length);
    if (postingDocument[at]! < document) {
      for (let step = 8; at < end && postingDocument[at]! < document; step *= 2) {
        low = at + 1;
        at += step;
      }
      high = Math.min(at, end);
    } else {
      for (let step = 8; at >= start && postingDocument[at]! >= document; step *= 2) {
        high = at;
        at -= step;
      }
      low = Math.max(at + 1, start);
    }
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (postingDocument[middle]! < document) low = middle + 1;
      else high = middle;
    }
    return low < end && postingDocument[low] === document ? weight * this.#parts[postingPair[low]!]! : 0;
  }
}

/**
 * What a score needs in each block to reach the floor with the rest of the terms.
 * @returns whether the rest alone reaches it anywhere
 */
function missing(least: Float64Array, floor: number, rest: Float64Array): boolean {
  let reached = false;
  for (let block = 0; block < least.length; block += 1) {
    const needed = floor - rest[block]!;
    least[block] = needed;
    if (needed <= 0) reached = true;
  }
  return reached;
}
