import { porterStem } from "./porter-stem.ts";

/**
 * The words of a text as Google's `rouge_score` 0.1.2 takes them: lower case, everything but a–z and 0–9 separates, so
 * that letters beyond ASCII vanish. With `stem`, words of more than three letters are stemmed.
 * @param options.unicode keeps letters, marks and digits of every script instead; not comparable with published ROUGE
 */
export function rougeTokens(text: string, options: { stem?: boolean; unicode?: boolean } = {}): string[] {
  const word = options.unicode ? /[\p{L}\p{M}\p{N}]+/gu : /[a-z0-9]+/g;
  const words = (options.unicode ? text.normalize("NFC") : text).toLowerCase().match(word) ?? [];
  return options.stem ? words.map((word) => (word.length > 3 ? remembered(word) : word)) : words;
}

/** The stems of words met lately: a text repeats its words and a dataset its topics, and stemming one takes longer than the rest. */
const stems = new Map<string, string>();
const MOST_STEMS = 20_000;

function remembered(word: string): string {
  let stem = stems.get(word);
  if (stem === undefined) {
    stem = porterStem(word);
    if (stems.size >= MOST_STEMS) stems.clear();
    stems.set(word, stem);
  }
  return stem;
}
