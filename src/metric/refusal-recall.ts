import { scored, unscored } from "../core/outcome.ts";
import { defineAnswerMetric } from "./define.ts";

export const refusalRecall = defineAnswerMetric({
  name: "RefusalRecall",
  title: "Refusal recall: refused among unanswerable",
  group: "refusal",
  params: {},
  range: [0, 1],
  better: "higher",
  unit: "share of the unanswerable questions",
  meaning:
    "Among the unanswerable questions, the share the system refused. A failure counts as not refused. Its " +
    "complement is FalseAnswer.",
  source: "recall of the refusal decision, unanswerable being the positive class",
  whenEmpty: "not-applicable",
  whenNoGold: "unaffected",
  whenFailed: 0,
  proportion: true,
  excludes: (question) => (question.answerable ? unscored("not-applicable", "the question is answerable") : undefined),
  compute: (sample) => scored(sample.refused ? 1 : 0),
});
