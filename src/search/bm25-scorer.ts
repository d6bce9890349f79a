import type { Bm25Arrays } from "./bm25-arrays.ts";
import { Floor } from "./floor.ts";
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
  /** The largest part of every term. */
  readonly #most: Float64Array;
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
    this.#most = mostOfTerms(arrays, this.#parts);
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
    // What the terms from i on can add to a score.
    const rest = new Float64Array(rarest.length + 1);
    for (let i = rarest.length - 1; i >= 0; i -= 1) {
      const { term, weight } = rarest[i]!;
      rest[i] = rest[i + 1]! + weight * this.#most[term]!;
    }
    const floor = new Floor(k);
    const finished = new Set<number>();
    this.#count = 0;
    for (const [i, term] of rarest.entries()) {
      const least = floor.value - rest[i + 1]!;
      if (this.#count * LOOK_UP < this.#size(term) && rest[i]! < floor.value) this.#lookUp(term);
      else this.#read(term, least);
      const next = rarest[i + 1];
      if (!next) break;
      if (k * LOOK_UP < this.#size(next)) {
        for (const document of this.#leading(k)) {
          if (finished.has(document)) continue;
          finished.add(document);
          floor.offer(SLACK * this.#finish(document, rarest, i + 1));
        }
      }
      this.#drop(floor.value - rest[i + 1]!);
    }
    const scores = this.#scores;
    const best = topDocuments(this.#candidates, this.#count, scores, k, this.#arrays);
    this.#drop(Number.POSITIVE_INFINITY);
    return best.map((document) => [document, scores[document]!] as const);
  }

  #size({ term }: WeightedTerm): number {
    const { postingStart } = this.#arrays;
    return postingStart[term + 1]! - postingStart[term]!;
  }

  /** Reads all postings of a term; those of passages that are no candidates yet count when their part is `least` or more. */
  #read({ term, weight }: WeightedTerm, least: number): void {
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
      if (part < least) continue;
      isCandidate[word] = bits | bit;
      scores[document] = part;
      candidates[count++] = document;
    }
    this.#count = count;
  }

  /** Adds a term's part to the candidates that have it. */
  #lookUp(term: WeightedTerm): void {
    for (let i = 0; i < this.#count; i += 1) {
      const document = this.#candidates[i]!;
      this.#scores[document] = this.#scores[document]! + this.#part(term, document);
    }
  }

  /** The score of a candidate to which the terms before `next` are added. */
  #finish(document: number, terms: readonly WeightedTerm[], next: number): number {
    let score = this.#scores[document]!;
    for (let i = next; i < terms.length; i += 1) score += this.#part(terms[i]!, document);
    return score;
  }

  /** The k candidates with the highest scores so far, in no order. */
  #leading(k: number): number[] {
    const scores = this.#scores;
    const floor = new Floor(k);
    for (let i = 0; i < this.#count; i += 1) floor.offer(scores[this.#candidates[i]!]!);
    const leading: number[] = [];
    for (let i = 0; i < this.#count && leading.length < k; i += 1) {
      const document = this.#candidates[i]!;
      if (scores[document]! >= floor.value) leading.push(document);
    }
    return leading;
  }

  /** Drops the candidates whose score so far is below `least`. */
  #drop(least: number): void {
    const scores = this.#scores;
    const candidates = this.#candidates;
    const isCandidate = this.#isCandidate;
    let kept = 0;
    for (let i = 0; i < this.#count; i += 1) {
      const document = candidates[i]!;
      if (scores[document]! >= least) candidates[kept++] = document;
      else isCandidate[document >>> 5]! &= ~(1 << (document & 31));
    }
    this.#count = kept;
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

function mostOfTerms({ postingStart, postingPair }: Bm25Arrays, parts: Float64Array): Float64Array {
  const most = new Float64Array(postingStart.length - 1);
  let p = 0;
  for (let term = 0; term < most.length; term += 1) {
    const end = postingStart[term + 1]!;
    let largest = 0;
    for (; p < end; p += 1) {
      const part = parts[postingPair[p]!]!;
      if (part > largest) largest = part;
    }
    most[term] = largest;
  }
  return most;
}
