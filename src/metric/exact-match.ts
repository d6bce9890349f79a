import { scored } from "../core/outcome.ts";
import { defineAnswerMetric } from "./define.ts";
import { normalizedWords } from "./normalize.ts";
import { SQUAD } from "./params.ts";
import { goldWords, lacksGold, scoredText } from "./references.ts";

export const exactMatch = defineAnswerMetric({
  name: "EM",
  title: "Exact match",
  aka: ["ExactMatch", "exact_match", "Accuracy"],
  group: "reference",
  params: { squad: SQUAD },
  range: [0, 1],
  better: "higher",
  unit: "share of questions",
  meaning:
    "1 where the answer equals one of the references after SQuAD's normalisation (lower case, ASCII punctuation and " +
    "the articles a, an, the removed, white space joined), else 0. For an unanswerable question the accepted answer " +
    "is the empty one, and a refusal counts as the empty answer; a refusal of an answerable question is 0. " +
    "References that normalise to nothing are dropped, as SQuAD 2's script does.",
  source: "SQuAD 2.0 evaluate-v2.0.py (exact); SQuAD 1.1 evaluate-v1.1.py for squad=1",
  whenEmpty: 0,
  whenNoGold: "no-gold",
  whenFailed: 0,
  proportion: true,
  excludes: (question, { squad }) => lacksGold(question, squad),
  compute(sample, { squad }) {
    if (sample.refused && sample.answerable) return scored(0);
    const answer = normalizedWords(scoredText(sample)).join(" ");
    return scored(goldWords(sample, squad).some((gold) => gold.join(" ") === answer) ? 1 : 0);
  },
});
