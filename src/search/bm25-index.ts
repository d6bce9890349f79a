import type { Ranking } from "../core/ranking.ts";
import type { AnalyzerSettings } from "./analyzer.ts";

/** Everything that a BM25 score depends on besides the corpus. */
export interface Bm25Settings extends AnalyzerSettings {
  /** Term frequency saturation, 0 or more. */
  readonly k1: number;
  /** Length normalisation, 0 to 1. */
  readonly b: number;
  /** Whether a passage's title is part of its text (title, line feed, text). */
  readonly title: boolean;
}

export interface Bm25Index {
  readonly settings: Bm25Settings;
  /** Passages of the corpus, empty ones included. */
  readonly documents: number;
  /** Terms of all passages, repeats included. */
  readonly tokens: number;
  /** Different terms. */
  readonly terms: number;
  /** The best k passages that share a term with the text; fewer when fewer do. Ties as trec_eval breaks them. */
  search(text: string, k: number): Ranking;
  /** ln(1 + (N - df + .5) / (df + .5)) of a term as the analyzer gives it; a term nobody has counts df 0. */
  idf(term: string): number;
}
