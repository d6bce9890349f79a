import { UsageError } from "../../core/errors.ts";
import { defineCommand, flag, optional, value } from "../command.ts";
import { text } from "../terminal/parse-value.ts";

export const systemImport = defineCommand({
  details: [
    "Each file is a system: JSONL, CSV or TSV with a row per question, its accepted answers and the system's answer. Questions",
    "are the same by their text, whatever its letter case and white space. Files may differ in what they accept; what most",
    "of them accept counts. Of a list of answers the first is taken; rows that cannot be used are left out and told with",
    "their lines. Where some files answer only a part of the questions, a second dataset and suite, NAME-common, hold those",
    "that all files answer.",
    "",
    "Written: datasets/NAME, benchmarks/NAME/suite.yaml, benchmarks/systems/FILE.yaml and a copy of each file beside them.",
    "One file for a dataset that is there already: write `generator: { kind: replay, file: … }` in a system file.",
  ].join("\n"),
  args: [{ name: "<files...>", summary: "files of answers, a system each" }],
  options: {
    into: optional("--into <name>", "the dataset's and the suite's name (required)", text),
    question: value("--question <key>", "the key or column of the question", text, "question"),
    gold: value("--gold <key>", "the key or column of the accepted answers, a text or a list", text, "answer"),
    answer: value("--answer <key>", "the key or column of the system's answer", text, "prediction"),
    alwaysAnswers: flag(
      "--always-answers",
      "the systems never decline: every answer counts as one, also an empty one; else the suite's refusal detector decides",
    ),
    force: flag("--force", "replace what is there"),
  },
  examples: [
    {
      command: "bench system import model_outputs/*.jsonl --into openqa --always-answers",
      says: "OpenQA-eval's answers, rows of question, answer (accepted) and prediction, scored as published",
    },
    {
      command: "bench system import a.csv b.csv --into faq --question prompt --gold reference --answer output",
      says: "two tables, their columns named",
    },
  ],
  async run(files, options, deps) {
    const { into } = options;
    if (into === undefined || !/^\w[\w.-]*$/.test(into)) {
      throw new UsageError({
        code: "E_USAGE",
        where: "--into",
        expected: "a name of letters, digits, '.', '_' and '-'",
        got: into === undefined ? "nothing" : JSON.stringify(into),
        fix: "name the dataset: --into mine",
      });
    }
    const { importAnswers } = await import("../system/import-answers.ts");
    return importAnswers({ ...options, files, into }, deps);
  },
});
