import { scored, unscored } from "../core/outcome.ts";
import { defineAnswerMetric } from "./define.ts";

export const answerTokens = defineAnswerMetric({
  name: "AnswerTokens",
  title: "Tokens generated",
  aka: ["TokenCount", "CompletionTokens", "token_count"],
  group: "text",
  params: {},
  range: [0, Number.POSITIVE_INFINITY],
  better: "lower",
  unit: "tokens of the system's own tokenizer",
  meaning:
    "Completion tokens as the system reports them: what is paid for and waited for, reasoning and refusals included. " +
    "Counts of models with different tokenizers are not comparable. Answers without a report are not part of it.",
  source: "the endpoint's usage report; MLflow's token_count",
  whenEmpty: "unaffected",
  whenNoGold: "unaffected",
  whenFailed: "not-applicable",
  proportion: false,
  compute: ({ usage }) =>
    usage === undefined ? unscored("not-applicable", "the system reports no tokens") : scored(usage.completionTokens),
});
