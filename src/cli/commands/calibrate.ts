import { defineCommand, flag, list, optional, value } from "../command.ts";
import { choice, integer, openFraction, text } from "../terminal/parse-value.ts";
import { labelFlags } from "./label-flags.ts";

const FORMATS = ["text", "json", "markdown"] as const;

export const calibrate = defineCommand({
  details: [
    "A label file is JSONL, CSV or TSV with a row per answer and rater: query, condition, trial (0 when left out), rater, criterion",
    "(left out where the judge has one), score; `system`, too, where there are several runs. In place of the condition a row may have",
    "the answer's text, `answer`, beside query or question: it is then of every system that gave that answer. Label files that a",
    "judge of kind people describes are named by --people. Agreement is computed criterion by criterion, with intervals clustered by question, beside how well",
    "people agree with each other. It is kept in judges/<id>/calibration.json with the judge's hash: when prompt, examples,",
    "model or rubric change it is stale, and tables say so. The labels are kept beside the grades, in runs/<id>/labels/, so that",
    "`bench report` lists grades, reasons and labels of every answer, the worst disagreement first.",
    "",
    "Exit codes: 0, 1 when a threshold of the judge's file is not met, 3 when labels or runs have problems.",
  ].join("\n"),
  options: {
    judge: optional("-j, --judge <id>", "a folder in judges/; may be left out where there is only one", text),
    ...labelFlags,
    run: list("--run <run>", "the graded runs; every finished run that the judge has graded when left out", text),
    level: value("--level <fraction>", "the confidence level of the intervals", openFraction, 0.95),
    resamples: value("--resamples <n>", "bootstrap resamples", integer(99), 2000),
    seed: value("--seed <n>", "the seed of the resamples", integer(0), 0),
    dryRun: flag("--dry-run", "print and keep nothing"),
    format: value("--format <format>", `one of ${FORMATS.join(", ")}`, choice(...FORMATS), "text"),
  },
  examples: [
    {
      command: "bench calibrate --judge answer-0-3 --labels labels/anna.jsonl,labels/ben.jsonl",
      says: "two people's labels",
    },
    { command: "bench calibrate -j correct-yes-no -l labels.csv --score Yes=1,No=0", says: "labels on another scale" },
  ],
  async run(_, options, deps) {
    const { calibrateJudge } = await import("../judge/calibrate-judge.ts");
    return calibrateJudge(options, deps);
  },
});
