import { scored, unscored } from "../core/outcome.ts";
import { defineAnswerMetric } from "./define.ts";

export const overRefusal = defineAnswerMetric({
  name: "OverRefusal",
  title: "Over-refusal: refused among answerable",
  aka: ["FalseRefusal"],
  group: "refusal",
  params: {},
  range: [0, 1],
  better: "lower",
  unit: "share of the answerable questions",
  meaning: "Among the answerable questions, the share the system refused. A failure counts as refused.",
  source: "false positive rate of the refusal decision",
  whenEmpty: 1,
  whenNoGold: "unaffected",
  whenFailed: 1,
  proportion: true,
  excludes: (question) =>
    question.answerable ? undefined : unscored("not-applicable", "the question is unanswerable"),
  compute: (sample) => scored(sample.refused ? 1 : 0),
});
