import { defineCommand, optional, value } from "../command.ts";
import { choice, integer, openFraction, positive, text } from "../terminal/parse-value.ts";
import { comparedFlags } from "./common-flags.ts";

export const plan = defineCommand({
  details: [
    "Of two runs the differences question by question say how much they vary; one run alone says how much they vary at most.",
    "Beside what is needed stands what the pilot's questions tell, and what all of the suite's would.",
  ].join("\n"),
  args: [{ name: "[run...]", summary: "one run or two, named as for bench compare; the suite's newest when left out" }],
  options: {
    suite: optional("-b, --suite <id>", "the suite whose questions are counted; the run's when left out", text),
    effect: optional(
      "-e, --effect <difference>",
      "the difference to tell, in the metric's unit; each metric's min_effect in the suite's gate when left out",
      positive,
    ),
    power: value("--power <fraction>", "the wanted probability of telling it", openFraction, 0.8),
    alpha: value("--alpha <fraction>", "the error rate of all that is tested together", openFraction, 0.05),
    family: value(
      "--family <n>",
      "how many differences are tested together, as by a gate of so many",
      integer(1, 10_000),
      1,
    ),
    ...comparedFlags,
    format: value("--format <format>", "text, json", choice("text", "json"), "text"),
  },
  examples: [
    { command: "bench plan --suite handbook --effect 0.02", says: "from the suite's newest run" },
    {
      command: "bench plan handbook/bm25-reader handbook/raft-8b --effect 0.02",
      says: "from how these two differ, question by question",
    },
    { command: "bench plan handbook/bm25-reader --power 0.9 --family 4", says: "for a gate of four metrics" },
  ],
  async run(names, options, deps) {
    return (await import("../verdict/plan-questions.ts")).printPlan(names, options, deps);
  },
});
