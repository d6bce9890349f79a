import type { Hit, Ranking } from "../core/ranking.ts";
import { type Analyzer, type AnalyzerSettings, analyzer } from "./analyzer.ts";
import type { Bm25Arrays } from "./bm25-arrays.ts";
import { topDocuments } from "./top-documents.ts";

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Everything that a BM25 score depends on besides the corpus. */
export interface Bm25Settings extends AnalyzerSettings {
  /** Term frequency saturation, 0 or more. */
  readonly k1: number;
  /** Length normalisation, 0 to 1. */
  readonly b: number;
  /** Whether a passage's title is part of its text (title, line feed, text). */
  readonly title: boolean;
}

/**
 * BM25 as Lucene defines it since version 8, over one corpus:
 *
 *     score(q, d) = Σ over the tokens of q  idf · tf / (tf + k1 · (1 − b + b · dl / avgdl))
 *     idf         = ln(1 + (N − df + 0.5) / (df + 0.5))
 *
 * in 64-bit floats; a token that stands twice in the query counts twice; empty passages count in N and avgdl.
 * Source: https://lucene.apache.org/core/9_0_0/core/org/apache/lucene/search/similarities/BM25Similarity.html; the
 * constant factor k1 + 1 is left out as there.
 */
export class Bm25Index {
  readonly settings: Bm25Settings;
  readonly arrays: Bm25Arrays;
  /** How this index's text becomes terms. */
  readonly analyze: Analyzer;
  /** Passages of the corpus, empty ones included. */
  readonly documents: number;
  /** Terms of all passages, repeats included. */
  readonly tokens: number;
  /** Different terms. */
  readonly terms: number;
  /** k1 · (1 − b + b · dl / avgdl) of every passage. */
  readonly #norm: Float64Array;
  /** Scores of the query at hand; all zero between queries. */
  readonly #scores: Float64Array;
  readonly #touched: Uint32Array;

  constructor(arrays: Bm25Arrays, settings: Bm25Settings) {
    const { lengths } = arrays;
    this.settings = settings;
    this.arrays = arrays;
    this.analyze = analyzer(settings);
    this.documents = lengths.length;
    this.terms = arrays.termStart.length - 1;
    let tokens = 0;
    for (const length of lengths) tokens += length;
    this.tokens = tokens;
    const { k1, b } = settings;
    this.#norm = Float64Array.from(lengths, (length) => k1 * (1 - b + b * (length / this.averageLength)));
    this.#scores = new Float64Array(this.documents);
    this.#touched = new Uint32Array(this.documents);
  }

  /** Mean number of terms of a passage; 1 where no passage has any. */
  get averageLength(): number {
    return this.tokens === 0 ? 1 : this.tokens / this.documents;
  }

  /** In how many passages a term stands, as the analyzer gives it. */
  documentFrequency(term: string): number {
    const t = this.#find(term);
    return t === -1 ? 0 : this.arrays.postingStart[t + 1]! - this.arrays.postingStart[t]!;
  }

  /** The rarity of a term as the analyzer gives it, > 0; a term that no passage has is the rarest. */
  idf(term: string): number {
    return inverse(this.documents, this.documentFrequency(term));
  }

  /**
   * The best k passages that share a term with the text, fewer when fewer do, in trec_eval's order: scores as 32-bit floats
   * descending, then id descending by bytes.
   */
  search(text: string, k: number): Ranking {
    const { postingStart, postingDocument, postingFrequency } = this.arrays;
    const norm = this.#norm;
    const scores = this.#scores;
    const touched = this.#touched;
    let count = 0;
    for (const [term, times] of counted(this.analyze(text))) {
      const t = this.#find(term);
      if (t === -1) continue;
      const start = postingStart[t]!;
      const end = postingStart[t + 1]!;
      const weight = times * inverse(this.documents, end - start);
      for (let p = start; p < end; p += 1) {
        const document = postingDocument[p]!;
        const frequency = postingFrequency[p]!;
        const before = scores[document]!;
        if (before === 0) touched[count++] = document;
        scores[document] = before + weight * (frequency / (frequency + norm[document]!));
      }
    }
    const ranking = topDocuments(touched, count, scores, k, this.arrays).map(
      (document): Hit => [this.#id(document), scores[document]!],
    );
    for (let i = 0; i < count; i += 1) scores[touched[i]!] = 0;
    return ranking;
  }

  #id(document: number): string {
    const { ids, idStart } = this.arrays;
    return utf8.decode(ids.subarray(idStart[document]!, idStart[document + 1]!));
  }

  /** The number of a term, -1 when no passage has it. Binary search over the packed terms. */
  #find(term: string): number {
    let low = 0;
    let high = this.terms - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const order = this.#compare(term, middle);
      if (order === 0) return middle;
      if (order < 0) high = middle - 1;
      else low = middle + 1;
    }
    return -1;
  }

  #compare(term: string, t: number): number {
    const { termUnits, termStart } = this.arrays;
    const start = termStart[t]!;
    const length = termStart[t + 1]! - start;
    for (let i = 0; i < term.length && i < length; i += 1) {
      const difference = term.charCodeAt(i) - termUnits[start + i]!;
      if (difference !== 0) return difference;
    }
    return term.length - length;
  }
}

function inverse(documents: number, frequency: number): number {
  return Math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5));
}

function counted(terms: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}
