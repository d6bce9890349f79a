import { defineCommand, optional, value } from "../command.ts";
import { choice, openFraction, text } from "../terminal/parse-value.ts";

export const refusalFit = defineCommand({
  details: [
    "Both runs are of one system whose answers carry a confidence, on two splits: the threshold is chosen on the eval run,",
    "and all refusal figures of the test run are given without it and with it. Of equally good thresholds the one that",
    "declines least is taken. No system is asked: everything comes from the run folders. A reader's own threshold is found",
    "by `bench fit`, which looks at answers it declined as well.",
  ].join("\n"),
  args: [
    { name: "<eval-run>", summary: "a finished run on the split to choose on: folder, id, or suite/system" },
    { name: "<test-run>", summary: "a finished run of the same system on another split" },
  ],
  options: {
    condition: optional("--condition <name>", "such as rag@5; the test run's first condition when left out", text),
    precision: optional(
      "--precision <fraction>",
      "answer as much as possible with at least this share right; the best mean score when left out",
      openFraction,
    ),
    format: value("--format <format>", "text or json", choice("text", "json"), "text"),
  },
  examples: [
    {
      command: "bench refusal fit handbook-eval/raft-8b handbook/raft-8b",
      says: "the best mean score on eval, measured on test",
    },
    {
      command: "bench refusal fit handbook-eval/raft-8b handbook/raft-8b --precision 0.9",
      says: "as many answers as possible with 90 % of them right",
    },
  ],
  async run([evalRun, testRun], options, deps) {
    const { fitRefusal } = await import("../refusal/fit-refusal.ts");
    return fitRefusal(evalRun!, testRun!, options, deps);
  },
});
