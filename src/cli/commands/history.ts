import { SUMMARY_FORMATS } from "../../report/summary/summary-formats.ts";
import { defineCommand, flag, optional, value } from "../command.ts";
import { choice, integer, openFraction, text } from "../terminal/parse-value.ts";
import { comparedFlags } from "./common-flags.ts";

export const history = defineCommand({
  details: [
    "Every finished run of one protocol in runs/, and the baseline, oldest first. Each is compared question by question with the run",
    "before and with a reference: the first run, or the last one that was accepted as the baseline or at which the metric changed.",
    "So a loss is seen that comes at once or in many small steps. The error rate is shared out over --horizon runs: a series in which",
    "nothing changes has any flag with a probability of at most --alpha over so many, however often it is looked at, and what a run",
    "was called stays when runs are added. Fewer metrics (--metric) tell more. Beside each run stands what changed in the system's",
    "configuration; runs of another protocol are listed apart, interrupted ones named.",
  ].join("\n"),
  args: [
    { name: "<suite>", summary: "the id of a suite, or suite/system" },
    { name: "[system]", summary: "the id of a system" },
  ],
  options: {
    ...comparedFlags,
    last: optional("--last <n>", "show the last n runs; earlier ones are in the verdicts all the same", integer(1)),
    protocol: optional(
      "--protocol <hash>",
      "how the protocol of the series begins; that of the newest run when left out",
      text,
    ),
    shared: flag("--shared", "take runs over different questions too, on those that all of them were asked"),
    alpha: optional(
      "--alpha <fraction>",
      "the error rate over --horizon runs; 1 - the suite's confidence level when left out",
      openFraction,
    ),
    horizon: value("--horizon <n>", "over how many runs the error rate is shared out", integer(1, 100_000), 50),
    seed: optional("--seed <n>", "the seed of the randomization tests; the first run's when left out", integer(0)),
    format: value("--format <format>", SUMMARY_FORMATS.join(", "), choice(...SUMMARY_FORMATS), "text"),
    html: optional("--html <file>", "also write a page with pictures, to open in a browser", text),
  },
  examples: [
    { command: "bench history handbook bm25-reader", says: "all runs of a system, with what changed" },
    { command: "bench history handbook/bm25-reader --metric EM --last 10", says: "one metric, the last ten runs" },
    { command: "bench history handbook/bm25-reader --format markdown", says: "for the summary of a nightly job" },
    { command: "bench history handbook/bm25-reader --html history.html", says: "with a page of pictures" },
  ],
  async run(names, options, deps) {
    return (await import("../verdict/history-named.ts")).historyNamed(names, options, deps);
  },
});
