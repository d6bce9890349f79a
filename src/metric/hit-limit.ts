import { scored, unscored } from "../core/outcome.ts";
import { defineAnswerMetric } from "./define.ts";

/** How servers say that the token limit ended the answer. */
const LIMIT: ReadonlySet<string> = new Set(["length", "max_tokens", "max_length", "max_output_tokens"]);

export const hitLimit = defineAnswerMetric({
  name: "HitLimit",
  title: "Hit the limit: answers cut off",
  aka: ["TruncationRate"],
  group: "text",
  params: {},
  range: [0, 1],
  better: "lower",
  unit: "share of the answers",
  meaning:
    "1 where generation ended at the token limit (finish `length`), so that the answer is cut off, else 0. A run takes " +
    "answers to have ended by themselves (`stop`) where the system does not say why, so that the figure means something " +
    "for systems that do: `openai` and `local`, and others that report a finish. Failed questions are not part of it.",
  source: "finish_reason of the OpenAI chat API and its relatives",
  whenEmpty: "unaffected",
  whenNoGold: "unaffected",
  whenFailed: "not-applicable",
  proportion: true,
  compute: ({ finish }) =>
    finish === undefined
      ? unscored("not-applicable", "the system does not say why the answer ended")
      : scored(LIMIT.has(finish.toLowerCase()) ? 1 : 0),
});
