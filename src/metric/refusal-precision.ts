import { scored, unscored } from "../core/outcome.ts";
import { defineAnswerMetric } from "./define.ts";

export const refusalPrecision = defineAnswerMetric({
  name: "RefusalPrecision",
  title: "Refusal precision: unanswerable among refused",
  group: "refusal",
  params: {},
  range: [0, 1],
  better: "higher",
  unit: "share of the questions refused",
  meaning:
    "Among the questions the system refused, the share that is unanswerable. A failure is not a refusal and is not " +
    "part of it.",
  source: "precision of the refusal decision, unanswerable being the positive class",
  whenEmpty: 0,
  whenNoGold: "unaffected",
  whenFailed: "not-applicable",
  proportion: true,
  compute: (sample) =>
    sample.refused ? scored(sample.answerable ? 0 : 1) : unscored("not-applicable", "the question was not refused"),
});
