/** ASCII punctuation, Python's `string.punctuation`. */
const PUNCTUATION = /[!-/:-@[-`{-~]/g;
/** Articles as whole words; a word character is a letter or digit of any script, as in Python's `\b`. */
const ARTICLE = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;
/** What Python's `str.split()` splits on. */
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** What Python's `str.split()` gives: the runs between white space. */
export function splitWords(text: string): string[] {
  return text.split(SPACE).filter((word) => word !== "");
}

/**
 * The words of an answer as SQuAD's script compares them: lower case, ASCII punctuation removed (not replaced: "don't"
 * becomes "dont"), the articles a, an and the removed, split at white space.
 * @example normalizedWords("The Eiffel-Tower, 1889!") // ["eiffeltower", "1889"]
 */
export function normalizedWords(text: string): readonly string[] {
  return splitWords(text.toLowerCase().replace(PUNCTUATION, "").replace(ARTICLE, " "));
}
