import { defineCommand, flag, list, optional } from "../command.ts";
import { integer, nonNegative, text } from "../terminal/parse-value.ts";
import { resultTableFlags } from "./common-flags.ts";

export const judgeRun = defineCommand({
  details: [
    "Answers are stored once and graded any number of times: grades go into the run's folder, in a file of the judge's own,",
    "runs/<id>/grades/<judge>-<hash>.jsonl. What is in that file is not judged again, so that an interrupted command is simply",
    "repeated. A reply that is no verdict is asked for once more, then recorded as a failure of the judge: never a default",
    "score, never dropped. An endpoint that is down ends the command with exit code 4 and loses nothing.",
    "",
    "A panel has its members grade first, each into its own file, and then votes. A lexical judge asks nobody: fit it before by",
    "`bench judge fit`. A pairwise judge compares two runs: `bench judge pairs`; a judge of passages makes qrels: `bench judge passages`.",
  ].join("\n"),
  args: [{ name: "<run...>", summary: "a run's folder or id, or suite/system for its newest finished run" }],
  options: {
    judge: list("-j, --judge <id>", "the judges, folders in judges/", text),
    repeats: optional(
      "--repeats <n>",
      "how often each answer is judged; the judge's own number when left out",
      integer(1, 100),
    ),
    condition: list("--condition <name>", "only answers of these conditions", text),
    limit: optional("--limit <n>", "only answers to the first questions; the rest can follow", integer(1)),
    dryRun: flag("--dry-run", "say how many answers would be judged and what it would take, and ask nothing"),
    maxCost: optional(
      "--max-cost <usd>",
      "stop before the grades of a run cost more, in US dollars by prices.yaml; the same command goes on",
      nonNegative,
    ),
    fresh: flag("--fresh", "throw away what this judge graded and judge anew; of a panel the vote alone"),
    ...resultTableFlags,
  },
  examples: [
    { command: "bench judge run --judge answer-0-3 handbook/bm25-reader", says: "grades the newest finished run" },
    { command: "bench judge run --judge correct-yes-no --limit 4 handbook/raft-8b", says: "a pilot of four questions" },
    { command: "bench judge run -j answer-0-3 --dry-run handbook/raft-8b", says: "tokens, cost and time beforehand" },
    {
      command: "bench judge run -j answer-0-3 --repeats 3 handbook/raft-8b",
      says: "three times, to see how steady it is",
    },
  ],
  async run(runs, options, deps) {
    const { judgeRuns } = await import("../judge/judge-runs.ts");
    return judgeRuns(runs, options, deps);
  },
});
