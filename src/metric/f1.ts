import { scored, unscored } from "../core/outcome.ts";
import { countCommon, countOf } from "./counts.ts";
import { defineAnswerMetric } from "./define.ts";
import { harmonicMean } from "./harmonic-mean.ts";
import { normalizedWords } from "./normalize.ts";
import { goldWords, lacksReferences, scoredText } from "./references.ts";

export const f1 = defineAnswerMetric({
  name: "F1",
  title: "Word overlap F1",
  aka: ["TokenF1", "F-score"],
  group: "reference",
  params: {
    squad: {
      type: "int",
      description:
        "rule of SQuAD 2 or 1: under 1 an answer and a reference that both normalise to nothing score 0, all references are kept, and unanswerable questions are not scored",
      default: 2,
      min: 1,
      max: 2,
    },
  },
  range: [0, 1],
  better: "higher",
  unit: "F1 of words",
  meaning:
    "Harmonic mean of word precision and recall against the best-matching reference, after the normalisation of EM: with c words in common, counted " +
    "as often as both have them, P = c / words of the answer, R = c / words of the reference, F1 = 2PR / (P + R). Where either side is " +
    "empty it is 1 if both are, else 0; so a refusal of an unanswerable question scores 1.",
  source: "SQuAD 2.0 evaluate-v2.0.py (f1); SQuAD 1.1 evaluate-v1.1.py for squad=1",
  whenEmpty: 0,
  whenNoGold: "no-gold",
  whenFailed: 0,
  proportion: false,
  excludes(question, { squad }) {
    return squad === 1 && !question.answerable
      ? unscored("not-applicable", "SQuAD 1.1 has no unanswerable questions")
      : lacksReferences(question);
  },
  compute(sample, { squad }) {
    const answer = normalizedWords(scoredText(sample));
    const counts = countOf(answer);
    const golds = squad === 1 ? (sample.references ?? []).map(normalizedWords) : goldWords(sample);
    let best = 0;
    for (const gold of golds) {
      if (answer.length === 0 || gold.length === 0) {
        if (squad === 2 && answer.length === gold.length) best = 1;
        continue;
      }
      const common = countCommon(counts, countOf(gold));
      best = Math.max(best, harmonicMean(common / answer.length, common / gold.length));
    }
    return scored(best);
  },
});
