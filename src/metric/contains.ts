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
    "1 where the words of one of the references stand in the answer, in order and without a gap, after the normalisation of EM; else 0. Whole words " +
    "must match: 8 is not in 18. It rewards long answers, misses paraphrase and overlooks negation, so it should never be the only metric.",
  source:
    "answer containment as in DPR-style open-domain evaluation and the DBRX report's RAG accuracy, on whole words",
  whenEmpty: 0,
  whenNoGold: "no-gold",
  whenFailed: 0,
  proportion: true,
  excludes: lacksReferenceText,
  compute(sample) {
    const references = (sample.references ?? []).map(normalizedWords).filter((words) => words.length > 0);
    if (references.length === 0) return unscored("no-gold", "no reference has a word after normalisation");
    const answer = ` ${normalizedWords(scoredText(sample)).join(" ")} `;
    return scored(references.some((words) => answer.includes(` ${words.join(" ")} `)) ? 1 : 0);
  },
});
