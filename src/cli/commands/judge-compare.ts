import { RANKING_FIGURES } from "../../config/ranking-figures.ts";
import { defineCommand, list, optional, value } from "../command.ts";
import { choice, integer, openFraction, text } from "../terminal/parse-value.ts";
import { labelFlags } from "./label-flags.ts";

export const judgeCompare = defineCommand({
  details: [
    "The judge matrix: models, prompts, examples, or a judge without a model, on the same labelled answers. Intervals are clustered",
    "by question; differences from the best are paired and adjusted by Holm. A judge counts with its first repeat.",
  ].join("\n"),
  args: [{ name: "[judge...]", summary: "two or more folders in judges/, of one rubric" }],
  options: {
    ...labelFlags,
    run: list("--run <run>", "the graded runs; those that all judges have graded when left out", text),
    criterion: optional("--criterion <id>", "what is compared; the first that all have when left out", text),
    by: optional(
      "--by <figure>",
      `one of ${RANKING_FIGURES.join(", ")}; κ when left out, quadratic on longer scales`,
      choice(...RANKING_FIGURES),
    ),
    unit: value(
      "--unit <unit>",
      "question, or item: for what holds on these questions alone",
      choice("question", "item"),
      "question",
    ),
    level: value("--level <fraction>", "the confidence level of the intervals", openFraction, 0.95),
    resamples: value("--resamples <n>", "bootstrap resamples", integer(99), 2000),
    seed: value("--seed <n>", "the seed of the resamples", integer(0), 0),
    published: optional(
      "--published <folder>",
      "the 33 judges of LLMJudge 2024 in its folder, in place of your own",
      text,
    ),
    format: value("--format <format>", "text or json", choice("text", "json"), "text"),
  },
  examples: [
    { command: "bench judge compare answer-0-3 strict lexical-0-3 --labels anna.jsonl", says: "three judges" },
    { command: "bench judge compare a b -l anna.jsonl --by alpha --criterion clarity", says: "by ordinal α" },
    { command: "bench judge compare --published llmjudge-2024", says: "published judges, from their files" },
  ],
  async run(judges, options, deps) {
    const { judgeCompare: carryOut } = await import("../judge/judge-compare.ts");
    return carryOut(judges, options, deps);
  },
});
