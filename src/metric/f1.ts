import { scored } from "../core/outcome.ts";
import { countCommon, countOf } from "./counts.ts";
import { defineAnswerMetric } from "./define.ts";
import { harmonicMean } from "./harmonic-mean.ts";
import { normalizedWords } from "./normalize.ts";
import { SQUAD } from "./params.ts";
import { goldWords, lacksGold, scoredText } from "./references.ts";

export const f1 = defineAnswerMetric({
  name: "F1",
  title: "Word overlap F1",
  aka: ["TokenF1", "F-score"],
  group: "reference",
  params: { squad: SQUAD },
  range: [0, 1],
  better: "higher",
  unit: "F1 of words",
  meaning:
    "Harmonic mean of word precision and recall against the best-matching reference, after the normalisation of EM: " +
    "with c words in common, counted as often as both have them, P = c / words of the answer, R = c / words of the " +
    "reference, F1 = 2PR / (P + R). Where either side is empty it is 1 if both are, else 0; so a refusal of an " +
    "unanswerable question scores 1; one of an answerable question scores 0.",
  source: "SQuAD 2.0 evaluate-v2.0.py (f1); SQuAD 1.1 evaluate-v1.1.py for squad=1",
  whenEmpty: 0,
  whenNoGold: "no-gold",
  whenFailed: 0,
  proportion: false,
  excludes: (question, { squad }) => lacksGold(question, squad),
  compute(sample, { squad }) {
    if (sample.refused && sample.answerable) return scored(0);
    const answer = normalizedWords(scoredText(sample));
    const counts = countOf(answer);
    const f1s = goldWords(sample, squad).map((gold) => {
      if (answer.length === 0 && gold.length === 0) return squad === 1 ? 0 : 1;
      const common = countCommon(counts, countOf(gold));
      return common === 0 ? 0 : harmonicMean(common / answer.length, common / gold.length);
    });
    return scored(Math.max(...f1s));
  },
});
