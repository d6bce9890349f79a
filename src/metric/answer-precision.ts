import { scored, unscored } from "../core/outcome.ts";
import { defineAnswerMetric } from "./define.ts";

export const answerPrecision = defineAnswerMetric({
  name: "AnswerPrecision",
  title: "Answer precision: right among answered",
  aka: ["SelectiveAccuracy"],
  group: "refusal",
  params: {
    at_least: {
      type: "float",
      description: "value of `by` from which an answer is right",
      default: 1,
      min: 0.01,
      max: 1,
    },
    by: { type: "metric", description: "the metric that says whether an answer is right", default: "EM" },
  },
  range: [0, 1],
  better: "higher",
  unit: "share of the questions answered",
  meaning:
    "Right answers / questions answered, both counted on the same questions: 1 where the answer scores at least " +
    "`at_least` by the metric `by`, else 0; refused questions are not part of it. An answer to an unanswerable " +
    "question is wrong. A failure counts as a wrong answer, so that failing cannot raise the figure.",
  source: "RAFT chatbot recipe's precision, score / (1 − refusals / questions), with one denominator",
  whenEmpty: "not-applicable",
  whenNoGold: "no-gold",
  whenFailed: 0,
  proportion: true,
  excludes(question, { by }) {
    const floor = question.answerable ? by.floor(question) : undefined;
    return floor?.state === "unscored" ? floor : undefined;
  },
  compute(sample, { at_least, by }) {
    if (sample.refused) return unscored("not-applicable", "the question was refused");
    if (!sample.answerable) return scored(0, "answered an unanswerable question");
    const outcome = by.compute(sample);
    return outcome.state === "scored" ? scored(outcome.value >= at_least ? 1 : 0) : outcome;
  },
});
