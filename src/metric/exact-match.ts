import { scored } from "../core/outcome.ts";
import { defineAnswerMetric } from "./define.ts";
import { normalizedWords } from "./normalize.ts";
import { goldWords, lacksReferences, scoredText } from "./references.ts";

export const exactMatch = defineAnswerMetric({
  name: "EM",
  title: "Exact match",
  aka: ["ExactMatch", "exact_match", "Accuracy"],
  group: "reference",
  params: {},
  range: [0, 1],
  better: "higher",
  unit: "share of questions",
  meaning:
    "1 where the answer equals one of the references after SQuAD's normalisation (lower case, ASCII punctuation and the articles a, an, the removed, " +
    "white space joined), else 0. For an unanswerable question the accepted answer is the empty one, and a refusal counts as the empty answer. " +
    "References that normalise to nothing are dropped, as SQuAD 2's script does.",
  source: "SQuAD 2.0 evaluate-v2.0.py (exact)",
  whenEmpty: 0,
  whenNoGold: "no-gold",
  whenFailed: 0,
  proportion: true,
  excludes: lacksReferences,
  compute(sample) {
    const answer = normalizedWords(scoredText(sample)).join(" ");
    return scored(goldWords(sample).some((gold) => gold.join(" ") === answer) ? 1 : 0);
  },
});
