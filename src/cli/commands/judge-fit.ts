import { defineCommand, flag, list, value } from "../command.ts";
import { integer, openFraction, text } from "../terminal/parse-value.ts";
import { labelFlags } from "./label-flags.ts";

export const judgeFit = defineCommand({
  details: [
    "A lexical judge measures how much an answer overlaps with its references (words in common, containment, ROUGE) and turns",
    "that into scores at cut points. Which measure and which cut points comes from labels: the cut points with the least squared",
    "distance, the measure by cross-validation with whole questions held out. What is printed is agreement on answers held out.",
    "",
    "Labels are as for `bench calibrate`. The result is fit.json beside the judge; a new fit makes another judge, whose grades",
    "and calibration are its own. Calibrate it on other labels than it was fitted to.",
  ].join("\n"),
  options: {
    judge: value("-j, --judge <id>", "a folder in judges/ with a judge of kind lexical", text, "lexical-0-3"),
    ...labelFlags,
    run: list(
      "--run <run>",
      "the runs whose answers were labelled, one of each system; the newest of every suite and system when left out",
      text,
    ),
    level: value("--level <fraction>", "the confidence level of the intervals", openFraction, 0.95),
    resamples: value("--resamples <n>", "bootstrap resamples", integer(99), 2000),
    seed: value("--seed <n>", "the seed of parts and resamples", integer(0), 0),
    dryRun: flag("--dry-run", "print and keep nothing"),
  },
  examples: [
    { command: "bench judge fit --labels labels/anna.jsonl", says: "fits lexical-0-3 to one person's labels" },
    {
      command: "bench judge fit -j overlap -l labels.csv --score Yes=1,No=0 --run handbook/raft-8b",
      says: "another judge, labels on another scale, of one run",
    },
  ],
  async run(_, options, deps) {
    const { judgeFit: carryOut } = await import("../judge/judge-fit.ts");
    return carryOut(options, deps);
  },
});
