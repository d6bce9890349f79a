import { scored, unscored } from "../core/outcome.ts";
import { defineAnswerMetric } from "./define.ts";
import { passageText } from "./passage-text.ts";

export const support = defineAnswerMetric({
  name: "Support",
  title: "Support: overlap with the best passage",
  aka: ["SupportF1", "SupportROUGE", "F1@docs"],
  group: "grounding",
  params: {
    by: { type: "metric", description: "the metric that compares the answer with a passage", default: "F1" },
  },
  range: [0, 1],
  better: "higher",
  unit: "overlap with a passage",
  meaning:
    "The highest score of the answer against the passages the generator was given, each taken as a reference for the " +
    "metric `by`. Long passages hold F1 low by their mere length: `by='ROUGE-L(score=precision)'`, the share of the " +
    "answer found in one passage in order, does not suffer from it. Refused questions and answers without passages " +
    "are not part of it.",
  source: "LocalRQA's answer metrics against the retrieved documents (maximum over them)",
  whenEmpty: "not-applicable",
  whenNoGold: "not-applicable",
  whenFailed: 0,
  proportion: false,
  compute(sample, { by }) {
    const { answer, refused, passages = [] } = sample;
    if (refused) return unscored("not-applicable", "the question was refused");
    if (passages.length === 0) return unscored("not-applicable", "the answer was given without passages");
    let best = 0;
    let where = "";
    for (const passage of passages) {
      const outcome = by.compute({ answer, refused, answerable: true, references: [passageText(passage)] });
      if (outcome.state === "scored" && outcome.value > best) {
        best = outcome.value;
        where = passage.id;
      }
    }
    return where === "" ? scored(best) : scored(best, `passage ${where}`);
  },
});
