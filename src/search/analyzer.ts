import { stemEnglish } from "./snowball-english.ts";
import { LUCENE_STOP_WORDS } from "./stop-words.ts";
import { words } from "./words.ts";

/** How text becomes terms. Every choice is named, so that an index can say how it was made. */
export interface AnalyzerSettings {
  /** The words left out before stemming: Lucene's 33 English ones, or none. */
  readonly stopWords: "lucene" | "none";
  /** `snowball-english` is the Snowball project's English stemmer (Porter2). */
  readonly stemmer: "snowball-english" | "none";
}

/** Text → its terms in order, repeats included. */
export type Analyzer = (text: string) => string[];

/** One word (lower case) → its term, or undefined when it is a stop word. */
export type TermOf = (word: string) => string | undefined;

/** The part of an analyzer that comes after the tokenizer `word` ({@link words}). */
export function termOf(settings: AnalyzerSettings): TermOf {
  const stops: ReadonlySet<string> = settings.stopWords === "lucene" ? LUCENE_STOP_WORDS : new Set();
  const stem = settings.stemmer === "snowball-english" ? stemEnglish : (word: string) => word;
  return (word) => (stops.has(word) ? undefined : stem(word));
}

/**
 * The tokenizer `word` followed by the settings' stop words and stemmer.
 * @example analyzer({ stopWords: "lucene", stemmer: "snowball-english" })("What is the ranking?") // ["what", "rank"]
 */
export function analyzer(settings: AnalyzerSettings): Analyzer {
  const term = termOf(settings);
  return (text) => {
    const terms: string[] = [];
    for (const word of words(text)) {
      const t = term(word);
      if (t !== undefined) terms.push(t);
    }
    return terms;
  };
}
