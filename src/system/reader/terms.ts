import type { Query } from "../../core/query.ts";
import type { Analyzer } from "../../search/analyzer.ts";

/** How text becomes terms, and how rare a term is in the corpus. A BM25 index is one. */
export interface TermStatistics {
  readonly analyze: Analyzer;
  /** > 0; the rarer the larger. */
  idf(term: string): number;
}

/** What earlier turns of a conversation count, against the question itself. */
const HISTORY_WEIGHT = 0.4;
/** How many of the latest turns are looked at. */
const HISTORY_TURNS = 2;

/** Words that ask. They say what kind of answer is wanted, not what it is about. */
const ASKING =
  "what which who whom whose when where why how do does did can could should would may might i you we my your our me us from " +
  "have has had were been am about tell name many much";

/**
 * The terms a question is about, each with its weight: its idf, less for those of earlier turns only. Where nothing but asking
 * words is left, these are taken.
 */
export function questionTerms(query: Query, statistics: TermStatistics): Map<string, number> {
  const { analyze } = statistics;
  const asking = new Set(analyze(ASKING));
  const about = (text: string): string[] => analyze(text).filter((term) => !asking.has(term));
  const weights = new Map<string, number>();
  for (const { content } of (query.history ?? []).slice(-HISTORY_TURNS)) {
    for (const term of about(content)) weights.set(term, HISTORY_WEIGHT * statistics.idf(term));
  }
  for (const term of about(query.text)) weights.set(term, statistics.idf(term));
  if (weights.size === 0) for (const term of analyze(query.text)) weights.set(term, statistics.idf(term));
  return weights;
}
