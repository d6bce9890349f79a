import { defineCommand, optional, value } from "../command.ts";
import { choice, integer, nonNegative, openFraction, text } from "../terminal/parse-value.ts";

export const refusalCheck = defineCommand({
  details: [
    "The labels are a table (.jsonl, .json, .csv, .tsv or .parquet) with a row per answer: its text, and whether it is a",
    "refusal (true, false, yes, no, 1 or 0). Where a column holds what the system itself said, it is measured as a detector",
    "of its own. Every refusal figure of a run rests on its detector: take some hundred answers of your own systems, label",
    "them, and state precision and recall beside those figures.",
    "",
    "Where a judge decides, either it is asked about the labelled answers (--suite), or what it said of a run is taken (--run):",
    "then a row needs no text, but the question's id in the column of the id or in `query`, and `condition` and `trial` where the",
    "run has several. An answer without a verdict is in no figure and counted.",
  ].join("\n"),
  options: {
    labels: optional("--labels <file>", "the labelled answers; always needed", text),
    suite: optional(
      "-b, --suite <id>",
      "the suite whose detector is measured; the default detector when left out",
      text,
    ),
    run: optional(
      "--run <run>",
      "the finished run whose answers were labelled; its detector is measured, nobody is asked",
      text,
    ),
    condition: optional(
      "--condition <name>",
      "with --run: the condition of the labelled answers, where no column says",
      text,
    ),
    question: value(
      "--question <column>",
      "the column of the question's text, which a suite's judge sees",
      text,
      "question",
    ),
    maxCost: optional("--max-cost <usd>", "ask a suite's judge for no more than that, by prices.yaml", nonNegative),
    answer: value("--answer <column>", "the column of the answer's text", text, "answer"),
    refused: value("--refused <column>", "the column of the label", text, "refused"),
    flag: optional("--flag <column>", "the column of the system's own word, true or false", text),
    id: value("--id <column>", "the column that names a row; the row's place when it has none", text, "id"),
    level: value("--level <fraction>", "the confidence level of the intervals", openFraction, 0.95),
    named: value("--named <n>", "how many answers of each kind are listed", integer(0, 1_000_000), 10),
    format: value("--format <format>", "text or json", choice("text", "json"), "text"),
  },
  examples: [
    { command: "bench refusal check --labels labels.csv", says: "the default detector on your labels" },
    {
      command: "bench refusal check --labels answers.jsonl --suite handbook --answer response --refused declined",
      says: "a suite's own phrases and patterns, columns named otherwise",
    },
    {
      command: "bench refusal check --labels labels.csv --run handbook/raft-8b --condition rag@3",
      says: "what that run takes for refusals, by rules or by a judge",
    },
  ],
  async run(_, options, deps) {
    const { checkRefusals } = await import("../refusal/check-refusals.ts");
    return checkRefusals(options, deps);
  },
});
