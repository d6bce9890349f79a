import { defineCommand, flag, list, optional, value } from "../command.ts";
import { choice, integer, nonNegative, text } from "../terminal/parse-value.ts";

export const judgePairs = defineCommand({
  details: [
    "For every question that both runs answered under the same condition the judge sees both answers and says A, B or tie, twice:",
    "once in each order. A verdict that changes with the order counts as a tie, and how often it does is the judge's position",
    "bias, shown beside the result. Answers that are the same word for word are a tie that nobody is asked about; where either",
    "system declined there is no pair, and such questions are counted apart.",
    "",
    "Verdicts go into the first run's folder, pairs/<judge>-<hash>-<other run>.jsonl; what is there is not asked again.",
  ].join("\n"),
  args: [
    { name: "<run_a>", summary: "a run's folder or id, or suite/system for its newest finished run" },
    { name: "<run_b>", summary: "the run it is compared with, of the same dataset" },
  ],
  options: {
    judge: value("-j, --judge <id>", "a folder in judges/ with a judge of kind pairwise", text, "pairwise"),
    repeats: optional("--repeats <n>", "how often each pair is judged in each order", integer(1, 100)),
    condition: list("--condition <name>", "only answers of these conditions", text),
    limit: optional("--limit <n>", "only the first questions; the rest can follow", integer(1)),
    dryRun: flag("--dry-run", "say how many verdicts would be asked for and what they would take, and ask nothing"),
    maxCost: optional(
      "--max-cost <usd>",
      "stop before the verdicts cost more, in US dollars by prices.yaml; the same command goes on",
      nonNegative,
    ),
    fresh: flag("--fresh", "throw away what this judge said of these runs and judge anew"),
    seed: value("--seed <n>", "the seed of the resamples", integer(0), 0),
    format: value("--format <format>", "text or json", choice("text", "json"), "text"),
    quiet: flag("-q, --quiet", "no progress and no notes, only the result"),
  },
  examples: [
    { command: "bench judge pairs handbook/raft-8b handbook/bm25-reader", says: "by the judge called pairwise" },
    {
      command: "bench judge pairs -j mine --limit 50 handbook/raft-8b handbook/raft-70b",
      says: "a pilot of 50 questions",
    },
  ],
  async run([a, b], options, deps) {
    const { comparePairs } = await import("../judge/judge-pairs.ts");
    return comparePairs([a!, b!], options, deps);
  },
});
