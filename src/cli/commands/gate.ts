import { findProject } from "../../config/project.ts";
import { GATE_FORMATS } from "../../gate/gate-formats.ts";
import { defineCommand, flag, optional, value } from "../command.ts";
import { choice, integer, openFraction } from "../parse-value.ts";

export const gate = defineCommand({
  name: "gate",
  summary: "compare a candidate with a baseline; fail on a regression",
  details: [
    "The suite's `gate` names the metrics, the smallest effect that matters and the test. Exit codes: 0 pass or cannot tell,",
    "1 fail, 3 the runs cannot be compared (the field that differs is named), 5 cannot tell with --strict.",
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
  },
  examples: [
    {
      command: "bench gate benchmarks/baselines/handbook/bm25-reader handbook/bm25-reader",
      says: "the newest run against the committed baseline",
    },
    { command: "bench gate handbook/bm25-reader handbook/raft-8b --format markdown", says: "for a pull request" },
  ],
  async run([baselineName, candidateName], { format, alpha, seed, strict }, { cwd, stdout }) {
    const { formatGate, gate, gateExitCode, limitsOf } = await import("../../gate/index.ts");
    const { readScores } = await import("../../runlog/read-scores.ts");
    const { findCompleteRun } = await import("../find-run.ts");
    const project = await findProject(cwd);
    const [baseline, candidate] = await Promise.all([
      findCompleteRun(project, baselineName!),
      findCompleteRun(project, candidateName!),
    ]);
    const limits = limitsOf(candidate.manifest);
    const verdict = gate(
      await readScores(baseline.dir),
      await readScores(candidate.dir),
      alpha === undefined ? limits : { ...limits, alpha },
      { seed: seed ?? candidate.manifest.seed },
    );
    const rendered = formatGate(verdict, format);
    stdout.write(rendered.endsWith("\n") ? rendered : `${rendered}\n`);
    return gateExitCode(verdict, { strict });
  },
});
