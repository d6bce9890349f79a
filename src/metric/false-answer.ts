import { scored, unscored } from "../core/outcome.ts";
import { defineAnswerMetric } from "./define.ts";

export const falseAnswer = defineAnswerMetric({
  name: "FalseAnswer",
  title: "False answers: answered among unanswerable",
  aka: ["HallucinationRate"],
  group: "refusal",
  params: {},
  range: [0, 1],
  better: "lower",
  unit: "share of the unanswerable questions",
  meaning:
    "Among the unanswerable questions, the share the system answered all the same. A failure counts as answered. " +
    "Its complement is RefusalRecall.",
  source: "false negative rate of the refusal decision",
  whenEmpty: "not-applicable",
  whenNoGold: "unaffected",
  whenFailed: 1,
  proportion: true,
  excludes: (question) => (question.answerable ? unscored("not-applicable", "the question is answerable") : undefined),
  compute: (sample) => scored(sample.refused ? 0 : 1),
});
