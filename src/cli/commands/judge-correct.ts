import { defineCommand, flag, optional, value } from "../command.ts";
import { choice, integer, openFraction, text } from "../terminal/parse-value.ts";
import { labelFlags } from "./label-flags.ts";

export const judgeCorrect = defineCommand({
  details: [
    "From the labelled part what people would have given all answers: prediction-powered inference with tuned λ on any scale,",
    "Rogan and Gladen's estimate beside it on a scale of 0 and 1. Intervals are clustered by question, and it is said where they",
    "are no narrower than those of the labels alone. It holds if the labelled answers are a random part of all. Label files are as",
    "those of `bench calibrate`. Kept in runs/<id>/grades/<judge>-<hash>.corrected.json; tables and pages show it beside the raw",
    "mean, until the judge or the run is another.",
  ].join("\n"),
  args: [{ name: "[run...]", summary: "the graded runs, one of each system; the newest graded ones when left out" }],
  options: {
    judge: optional("-j, --judge <id>", "a folder in judges/; may be left out where there is only one", text),
    ...labelFlags,
    level: value("--level <fraction>", "the confidence level of the intervals", openFraction, 0.95),
    resamples: value("--resamples <n>", "bootstrap resamples of Rogan and Gladen's interval", integer(99), 2000),
    seed: value("--seed <n>", "the seed of the resamples", integer(0), 0),
    dryRun: flag("--dry-run", "print and keep nothing"),
    format: value("--format <format>", "text or json", choice("text", "json"), "text"),
  },
  examples: [
    {
      command: "bench judge correct -j answer-0-3 --labels labels/anna.jsonl handbook/raft-8b",
      says: "raw and corrected mean of each criterion under each context",
    },
    { command: "bench judge correct -j correct-yes-no -l labels.csv", says: "every system's newest graded run" },
  ],
  async run(runs, options, deps) {
    const { judgeCorrect: carryOut } = await import("../judge/judge-correct.ts");
    return carryOut(runs, options, deps);
  },
});
