import { defineCommand, flag, list, optional, value } from "../command.ts";
import { integer, nonNegative, text, timeSpan } from "../terminal/parse-value.ts";
import { resultTableFlags } from "./common-flags.ts";

export const run = defineCommand({
  details: [
    "A finished run of the same suite, system and dataset is not repeated: --fresh makes another. An interrupted one goes",
    "on with --resume and repeats nothing that is finished. A question whose system fails is recorded as failed and scores",
    "the floor; when more fail than the suite's max_failures, the exit code is 4. A server that is down ends the run with 4",
    "instead, and the questions it did not answer are asked when --resume goes on.",
    "",
    "Where the suite leaves its refusals to a judge (refusal: { judge: declines-yes-no }), the answers are judged when they are there,",
    "and --max-cost is for both together. A judge that cannot be asked ends the command with 4 and takes nothing from the run: the",
    "same command, or bench judge run, goes on.",
    "",
    "--latency makes a pass of its own when the answers are there, of a run that was finished before too: questions that warm",
    "up, each question alone, then batches in the process and in 1, 2 and 4 worker threads. latency.jsonl in the run's folder",
    "holds it whole; a pass that is stopped leaves nothing.",
  ].join("\n"),
  options: {
    suite: optional("-b, --suite <id>", "the suite; may be left out where there is only one", text),
    system: list("-s, --system <id>", "the systems under test", text),
    topk: list(
      "-k, --topk <k>",
      "how many passages the generator is given; replaces the suite's rag conditions",
      integer(1, 100_000),
    ),
    trials: optional("--trials <n>", "how often each question is asked", integer(1, 1000)),
    seed: optional("--seed <n>", "the seed of all random numbers", integer(0)),
    limit: optional(
      "--limit <n>",
      "only so many questions, drawn at random by the suite's seed; fewer are part of more",
      integer(1),
    ),
    query: list("--query <id>", "only these questions", text),
    resume: flag("--resume", "go on with an interrupted run"),
    retryFailed: flag(
      "--retry-failed",
      "of a finished run, ask again what failed, in a new run with all other results",
    ),
    maxTime: optional("--max-time <span>", "stop after so long, for example 2h; --resume goes on", timeSpan),
    maxCost: optional(
      "--max-cost <usd>",
      "stop before answers cost more, in US dollars; --resume goes on",
      nonNegative,
    ),
    questionTimeout: optional(
      "--question-timeout <span>",
      "how long all attempts at one answer may take, for example 90s",
      timeSpan,
    ),
    latency: flag("--latency", "measure retrieval's latency and throughput afterwards, apart from the answers"),
    latencyWarmup: value("--latency-warmup <n>", "questions asked before that pass counts", integer(0, 1_000_000), 100),
    latencyBatch: value(
      "--latency-batch <n>",
      "questions per call where throughput is measured",
      integer(1, 100_000),
      32,
    ),
    fresh: flag("--fresh", "run again although there is a run already"),
    cache: flag("--no-cache", "ask every question, and keep no answers for later runs"),
    refresh: flag("--refresh", "ask every question, and keep the new answers in place of old ones"),
    dryRun: flag(
      "--dry-run",
      "say what would be asked, whether the endpoint is ready and what it would take; ask nothing",
    ),
    baseline: optional(
      "--baseline <run>",
      "a finished run that these are compared with at the end, as by bench compare",
      text,
    ),
    ...resultTableFlags,
  },
  examples: [
    { command: "bench run --system bm25-reader --topk 3,5,7", says: "one system at three depths on the only suite" },
    { command: "bench run --suite handbook --system bm25-reader,raft-8b", says: "two systems, compared in one table" },
    {
      command: "bench run --system raft-8b --limit 4",
      says: "a pilot of four questions: says what all would take",
    },
    { command: "bench run --system raft-8b --max-time 8h --max-cost 5", says: "overnight, and no more than 5 USD" },
    { command: "bench run --system raft-8b --retry-failed", says: "asks again only what failed in the finished run" },
    { command: "bench run --system bm25-reader --latency", says: "with p50, p95, p99 and throughput of its retrieval" },
    {
      command: "bench run --system raft-8b --dry-run",
      says: "the plan with tokens, cost and time, before anything is paid",
    },
    {
      command: "bench run --system raft-8b --baseline handbook/bm25-reader",
      says: "ends with what is better or worse than in that run",
    },
    { command: "bench run --system raft-8b --resume", says: "goes on where a stopped run was" },
  ],
  async run(_, options, deps) {
    if (options.dryRun) return (await import("../run/dry-run.ts")).dryRun(options, deps);
    const { runSystems } = await import("../run/run-systems.ts");
    return runSystems(options, deps);
  },
});
