import { porterStem } from "./porter-stem.ts";

/**
 * The words of a text as Google's `rouge_score` 0.1.2 takes them: lower case, everything but a–z and 0–9 separates, so
 * that letters beyond ASCII vanish. With `stem`, words of more than three letters are stemmed.
 * @param options.unicode keeps letters, marks and digits of every script instead; not comparable with published ROUGE
 */
export function rougeTokens(text: string, options: { stem?: boolean; unicode?: boolean } = {}): string[] {
  const separator = options.unicode ? /[^\p{L}\p{M}\p{N}]+/u : /[^a-z0-9]+/;
  const words = (options.unicode ? text.normalize("NFC") : text)
    .toLowerCase()
    .split(separator)
    .filter((word) => word !== "");
  return options.stem ? words.map((word) => (word.length > 3 ? porterStem(word) : word)) : words;
}
