import { forEachWord } from "../../search/words.ts";
import { type AskedFor, phrasesOf } from "./asked-for.ts";
import { isNew } from "./candidates.ts";
import type { Sentence } from "./sentences.ts";
import type { TermStatistics } from "./terms.ts";

/** At this many characters from a word of the question its pull has halved. */
const HALF_PULL = 20;
const INTRODUCED_BONUS = 1.5;

/**
 * Cuts a sentence down to the number, date, name or place that is asked for: of the phrases of that kind which the question
 * does not hold itself, the one nearest to the question's words, rare words pulling most.
 * @returns the phrase, or undefined when the sentence has none
 */
export function trimAnswer(
  sentence: Sentence,
  kind: AskedFor,
  terms: ReadonlyMap<string, number>,
  { analyze }: TermStatistics,
): string | undefined {
  const places = placesOf(sentence.text, terms, analyze);
  let best: string | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (const { text, start, introduced } of phrasesOf(sentence, kind)) {
    if (!isNew(text, terms, analyze)) continue;
    const middle = start + text.length / 2;
    let pull = 0;
    for (const { at, weight } of places) pull += weight / (1 + Math.abs(at - middle) / HALF_PULL);
    if (introduced) pull *= INTRODUCED_BONUS;
    if (pull > most) {
      most = pull;
      best = text;
    }
  }
  return best;
}

/** Where the question's words stand in a text. */
function placesOf(
  text: string,
  terms: ReadonlyMap<string, number>,
  analyze: TermStatistics["analyze"],
): { at: number; weight: number }[] {
  const places: { at: number; weight: number }[] = [];
  forEachWord(text, (lower, start, end) => {
    const [term] = analyze(lower.slice(start, end));
    const weight = term === undefined ? undefined : terms.get(term);
    if (weight !== undefined) places.push({ at: (start + end) / 2, weight });
  });
  return places;
}
