import type { Hit, Ranking } from "../core/ranking.ts";
import { type Analyzer, type AnalyzerSettings, analyzer } from "./analyzer.ts";
import type { Bm25Arrays } from "./bm25-arrays.ts";
import { Bm25Scorer, type WeightedTerm } from "./bm25-scorer.ts";

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
 * in 64-bit floats, added from the rarest term to the most common, so that the order of the query's words changes no bit; a
 * token that stands twice in the query counts twice; empty passages count in N and avgdl.
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
  readonly #scorer: Bm25Scorer;

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
    const average = this.averageLength;
    this.#scorer = new Bm25Scorer(arrays, (length) => k1 * (1 - b + b * (length / average)));
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
    const terms: WeightedTerm[] = [];
    for (const [name, times] of counted(this.analyze(text))) {
      const term = this.#find(name);
      if (term === -1) continue;
      const { [term]: start, [term + 1]: end } = this.arrays.postingStart;
      terms.push({ term, weight: times * inverse(this.documents, end! - start!) });
    }
    const wanted = Math.min(k, this.documents);
    if (!(wanted >= 1)) return [];
    return this.#scorer.best(terms, wanted).map(([document, score]): Hit => [this.#id(document), score]);
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
