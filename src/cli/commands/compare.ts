import { SUMMARY_FORMATS } from "../../report/summary/summary-formats.ts";
import { defineCommand, flag, optional, value } from "../command.ts";
import { choice, integer, openFraction, text } from "../terminal/parse-value.ts";
import { comparedFlags } from "./common-flags.ts";

export const compare = defineCommand({
  details: [
    "The first run is the baseline, every other is compared with it: per metric and context the paired difference with its",
    "interval, the randomization test, and better, worse, equivalent or cannot tell with how many more questions would. Holm's",
    "adjustment is over all that is compared, so fewer metrics (--metric) tell more. A smallest difference that matters is",
    "taken from the suite's gate. Runs of another dataset, protocol or question set are refused, saying what differs.",
  ].join("\n"),
  args: [
    { name: "<baseline>", summary: "a run's folder or id, or suite/system for its newest finished run" },
    { name: "<run...>", summary: "likewise, one or more" },
  ],
  options: {
    ...comparedFlags,
    flips: flag("--flips", "list the questions on which they differ, worst first, with answers and gold ranks"),
    by: optional("--by <metric>", "the metric of --flips; a gated one, EM, F1 or the first when left out", text),
    most: value("--most <n>", "at most so many flips per context", integer(1, 1_000_000), 20),
    shared: flag("--shared", "compare runs over different questions on those that both were asked"),
    alpha: optional(
      "--alpha <fraction>",
      "the error rate over all that is compared; 1 - the suite's confidence level when left out",
      openFraction,
    ),
    seed: optional("--seed <n>", "the seed of the randomization tests; the baseline's when left out", integer(0)),
    format: value("--format <format>", SUMMARY_FORMATS.join(", "), choice(...SUMMARY_FORMATS), "text"),
  },
  examples: [
    { command: "bench compare handbook/bm25-reader handbook/raft-8b", says: "the newest runs of two systems" },
    {
      command:
        "bench compare handbook/bm25-reader handbook/dense handbook/hybrid --metric nDCG@10 --condition retrieval",
      says: "two retrievers against a third, by one metric",
    },
    {
      command: "bench compare BASELINE CANDIDATE --flips --by EM",
      says: "with the questions that turned wrong or right",
    },
    { command: "bench compare BASELINE CANDIDATE --format markdown", says: "for a pull request" },
  ],
  async run(names, options, deps) {
    return (await import("../verdict/compare-runs.ts")).compareNamed(names, options, deps);
  },
});
