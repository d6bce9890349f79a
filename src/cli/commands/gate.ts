import { GATE_FORMATS } from "../../gate/gate-formats.ts";
import { defineCommand, flag, optional, value } from "../command.ts";
import { choice, integer, openFraction, text } from "../terminal/parse-value.ts";

export const gate = defineCommand({
  details: [
    "The suite's `gate` names the metrics, the smallest effect that matters and the test, its `gate_limits` what may happen to",
    "failures, refusals, latency and cost. What a judge scores passes only when `bench calibrate` has compared that judge with",
    "people and it meets its thresholds. Exit codes: 0 pass or cannot tell, 1 fail, 3 the runs cannot be compared (the field",
    "that differs is named), 5 cannot tell with --strict.",
  ].join("\n"),
  args: [
    { name: "<baseline>", summary: "a run's folder or id, or suite/system for its newest finished run" },
    { name: "<candidate>", summary: "likewise" },
  ],
  options: {
    format: value("--format <format>", `one of ${GATE_FORMATS.join(", ")}`, choice(...GATE_FORMATS), "text"),
    alpha: optional("--alpha <fraction>", "the error rate of the whole gate; the suite's when left out", openFraction),
    seed: optional("--seed <n>", "the seed of the randomization test; the candidate's when left out", integer(0)),
    strict: flag("--strict", "cannot tell exits with 5"),
    shared: flag("--shared", "compare runs over different questions on those that both were asked"),
    accept: flag("--accept", "make the candidate the new baseline, whatever the verdict; exits with 0"),
    why: optional("--why <text>", "the reason, kept with --accept and shown by later gates", text),
    who: optional("--who <name>", "who accepts; the user's name in CI or on this machine when left out", text),
    force: flag("--force", "with --accept: replace a baseline that asked more questions"),
  },
  examples: [
    {
      command: "bench gate benchmarks/baselines/handbook/bm25-reader handbook/bm25-reader",
      says: "the newest run against the committed baseline",
    },
    { command: "bench gate handbook/bm25-reader handbook/raft-8b --format markdown", says: "for a pull request" },
    {
      command: 'bench gate BASELINE handbook/bm25-reader --accept --why "shorter passages are wanted"',
      says: "a wanted change becomes the baseline",
    },
  ],
  async run(names, options, deps) {
    return (await import("../verdict/gate-runs.ts")).gateRuns(names, options, deps);
  },
});
