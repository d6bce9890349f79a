import { scored, unscored } from "../core/outcome.ts";
import { defineAnswerMetric } from "./define.ts";
import { splitWords } from "./normalize.ts";

export const answerWords = defineAnswerMetric({
  name: "AnswerWords",
  title: "Answer length in words",
  aka: ["AnswerLength", "Length"],
  group: "text",
  params: {},
  range: [0, Number.POSITIVE_INFINITY],
  better: "lower",
  unit: "words",
  meaning:
    "Words of the answer, split at white space. Neither short nor long is good in itself: it is the companion of " +
    "metrics that reward length (recall, Contains, judges) or brevity (precision, BLEU). Where a direction is needed, " +
    "shorter is better. Refused and failed questions are not part of it.",
  source: "counted",
  whenEmpty: "not-applicable",
  whenNoGold: "unaffected",
  whenFailed: "not-applicable",
  proportion: false,
  compute: ({ answer, refused }) =>
    refused ? unscored("not-applicable", "the question was refused") : scored(splitWords(answer).length),
});
