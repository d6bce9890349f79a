import { scored } from "../core/outcome.ts";
import { countOf } from "./counts.ts";
import { defineAnswerMetric } from "./define.ts";
import { charNgrams, clippedMatches, wordNgrams } from "./ngrams.ts";
import { splitWords } from "./normalize.ts";
import { lacksReferenceText, scoredText } from "./references.ts";

const CHAR_ORDER = 6;
/** Recall counts beta² = 4 times as much as precision. */
const FACTOR = 2 ** 2;
const PUNCTUATION = /[!-/:-@[-`{-~]/;

export const chrf = defineAnswerMetric({
  name: "chrF",
  title: "chrF: F-score of character runs",
  aka: ["chrF2", "CHRF"],
  group: "reference",
  params: {
    words: {
      type: "int",
      description: "longest run of words that counts beside the characters; 2 makes it chrF++",
      default: 0,
      min: 0,
      max: 4,
    },
  },
  range: [0, 1],
  better: "higher",
  unit: "F2 of character runs",
  meaning:
    "Precision P and recall R of runs of 1 to 6 characters, white space left out, each the mean over the lengths that " +
    "both texts have; chrF = 5PR / (4P + R), so that recall counts twice as much. Case and punctuation count. Of " +
    "several references the best one counts. It needs no tokens and forgives endings, so it suits languages with " +
    "many word forms. Signature case:mixed|eff:yes|nc:6|nw:0|space:no, divided by 100.",
  source: "Popović, WMT 2015 and 2017; sacrebleu 2.6.0 (sentence_score)",
  whenEmpty: 0,
  whenNoGold: "no-gold",
  whenFailed: 0,
  proportion: false,
  excludes: lacksReferenceText,
  compute(sample, { words }) {
    const answer = textOf(scoredText(sample));
    return scored(Math.max(...(sample.references ?? []).map((reference) => score(answer, textOf(reference), words))));
  },
});

/** A text without white space, and its words with the outer punctuation apart. */
interface Text {
  readonly chars: string;
  readonly length: number;
  readonly words: readonly string[];
}

function textOf(text: string): Text {
  const parts = splitWords(text);
  const chars = parts.join("");
  return { chars, length: [...chars].length, words: parts.flatMap(apart) };
}

/** As chrF++ does it: the last character, or else the first, where it is punctuation; never both. */
function apart(word: string): string[] {
  if (word.length === 1) return [word];
  if (PUNCTUATION.test(word.at(-1)!)) return [word.slice(0, -1), word.at(-1)!];
  return PUNCTUATION.test(word[0]!) ? [word[0]!, word.slice(1)] : [word];
}

function score(answer: Text, reference: Text, wordOrder: number): number {
  let [precision, recall, orders] = [0, 0, 0];
  const add = (total: number, wanted: number, matches: () => number): void => {
    if (total <= 0 || wanted <= 0) return;
    const common = matches();
    precision += common / total;
    recall += common / wanted;
    orders += 1;
  };
  for (let n = 1; n <= CHAR_ORDER; n += 1) {
    add(answer.length - n + 1, reference.length - n + 1, () =>
      clippedMatches(charNgrams(answer.chars, n), countOf(charNgrams(reference.chars, n))),
    );
  }
  for (let n = 1; n <= wordOrder; n += 1) {
    add(answer.words.length - n + 1, reference.words.length - n + 1, () =>
      clippedMatches(wordNgrams(answer.words, n), countOf(wordNgrams(reference.words, n))),
    );
  }
  if (precision + recall === 0) return 0;
  return ((1 + FACTOR) * precision * recall) / (orders * (FACTOR * precision + recall));
}
