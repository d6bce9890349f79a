import { scored } from "../core/outcome.ts";
import { countCommon, countOf } from "./counts.ts";
import { defineAnswerMetric } from "./define.ts";
import { lcsLength } from "./lcs.ts";
import type { ParamSpec } from "./params.ts";
import { lacksReferenceText, scoredText } from "./references.ts";
import { summaryHits } from "./rouge-lsum.ts";
import { type RougeScore, rougeScore } from "./rouge-score.ts";
import { rougeTokens } from "./rouge-tokens.ts";

const PARAMS = {
  score: { type: "choice", description: "which figure", default: "f", choices: ["f", "precision", "recall"] },
  stem: {
    type: "flag",
    description: "whether words of more than three letters are stemmed (Porter, NLTK's variant)",
    default: false,
  },
  unicode: {
    type: "flag",
    description:
      "whether letters beyond ASCII are kept; rouge_score drops them, so figures with it are not comparable with " +
      "published ones",
    default: false,
  },
} as const satisfies Record<string, ParamSpec>;

type Tokenize = (text: string) => string[];
type Compare = (answer: string, reference: string, tokenize: Tokenize) => RougeScore;

export const rouge1 = defineRouge(
  "1",
  "Share of words in common, counted as often as both have them.",
  ngramOverlap(1),
);
export const rouge2 = defineRouge(
  "2",
  "Share of pairs of neighbouring words in common, counted as often as both have them.",
  ngramOverlap(2),
);
export const rougeL = defineRouge(
  "L",
  "Length of the longest common subsequence of words, gaps allowed, over the length of either text; line breaks do " +
    "not count.",
  (answer, reference, tokenize) => {
    const a = tokenize(answer);
    const b = tokenize(reference);
    return rougeScore(lcsLength(a, b), a.length, b.length);
  },
);
export const rougeLsum = defineRouge(
  "Lsum",
  "ROUGE-L by lines, for texts with one sentence a line: for each line of the reference the union of its longest " +
    "common subsequences with all lines of the answer.",
  (answer, reference, tokenize) => {
    const lines = (text: string): string[][] => text.split("\n").map(tokenize);
    const [a, b] = [lines(answer), lines(reference)];
    const total = (sentences: readonly string[][]): number => sentences.reduce((sum, words) => sum + words.length, 0);
    return rougeScore(summaryHits(a, b), total(a), total(b));
  },
);

function defineRouge(variant: string, what: string, compare: Compare) {
  return defineAnswerMetric({
    name: `ROUGE-${variant}`,
    title: `ROUGE-${variant}`,
    aka: [`ROUGE${variant}`, `rouge_${variant}`],
    group: "reference",
    params: PARAMS,
    range: [0, 1],
    better: "higher",
    unit: "overlap with the reference",
    meaning:
      `${what} Precision divides by the answer, recall by the reference, f = 2PR / (P + R). ` +
      "Words are lower-cased runs of a–z and 0–9. " +
      "Of several references the one with the highest f counts (the first of equals), whichever figure is asked for.",
    source: "Lin, ACL workshop 2004; Google rouge_score 0.1.2",
    whenEmpty: 0,
    whenNoGold: "no-gold",
    whenFailed: 0,
    proportion: false,
    excludes: lacksReferenceText,
    compute(sample, { score, stem, unicode }) {
      const answer = scoredText(sample);
      const tokenize: Tokenize = (text) => rougeTokens(text, { stem, unicode });
      const scores = (sample.references ?? []).map((reference) => compare(answer, reference, tokenize));
      const best = scores.reduce((a, b) => (b.f > a.f ? b : a));
      return scored(best[score]);
    },
  });
}

function ngramOverlap(n: number): Compare {
  return (answer, reference, tokenize) => {
    const a = ngrams(tokenize(answer), n);
    const b = ngrams(tokenize(reference), n);
    return rougeScore(countCommon(countOf(a), countOf(b)), a.length, b.length);
  };
}

/** Runs of n words; a word never holds a space, so joined runs differ where the words do. */
function ngrams(words: readonly string[], n: number): readonly string[] {
  if (n === 1) return words;
  return words.slice(0, Math.max(0, words.length - n + 1)).map((_, i) => words.slice(i, i + n).join(" "));
}
