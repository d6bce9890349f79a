import { scored } from "../core/outcome.ts";
import { defineAnswerMetric } from "./define.ts";

export const coverage = defineAnswerMetric({
  name: "Coverage",
  title: "Coverage: questions answered",
  aka: ["AnswerRate"],
  group: "refusal",
  params: {},
  range: [0, 1],
  better: "higher",
  unit: "share of all questions",
  meaning:
    "1 where the system answered, 0 where it refused or failed; the mean is answered / all questions. It is the " +
    "companion of AnswerPrecision: neither says anything without the other.",
  source: "selective prediction: El-Yaniv and Wiener, JMLR 2010",
  whenEmpty: 0,
  whenNoGold: "unaffected",
  whenFailed: 0,
  proportion: true,
  compute: (sample) => scored(sample.refused ? 0 : 1),
});
