import { scored, unscored } from "../core/outcome.ts";
import { defineAnswerMetric } from "./define.ts";
import { normalizedWords } from "./normalize.ts";
import { lacksReferenceText, scoredText } from "./references.ts";

export const contains = defineAnswerMetric({
  name: "Contains",
  title: "Reference contained in the answer",
  aka: ["Containment", "SubstringMatch", "CoverEM"],
  group: "reference",
  params: {},
  range: [0, 1],
  better: "higher",
  unit: "share of questions",
  meaning:
    "1 where the words of one of the references stand in the answer, in order and without a gap, after the " +
    "normalisation of EM; else 0. Whole words must match: 8 is not in 18. It rewards long answers, misses " +
    "paraphrase and overlooks negation, so it should never be the only metric.",
  source:
    "answer containment as in DPR-style open-domain evaluation and the DBRX report's RAG accuracy, on whole words",
  whenEmpty: 0,
  whenNoGold: "no-gold",
  whenFailed: 0,
  proportion: true,
  excludes(question) {
    const lacking = lacksReferenceText(question);
    if (lacking !== undefined || wordsOf(question.references).length > 0) return lacking;
    return unscored("no-gold", "no reference has a word after normalisation");
  },
  compute(sample) {
    const answer = ` ${normalizedWords(scoredText(sample)).join(" ")} `;
    return scored(wordsOf(sample.references).some((words) => answer.includes(` ${words} `)) ? 1 : 0);
  },
});

/** The references that have words, normalised. */
function wordsOf(references: readonly string[] = []): readonly string[] {
  return references.map((reference) => normalizedWords(reference).join(" ")).filter((words) => words !== "");
}
