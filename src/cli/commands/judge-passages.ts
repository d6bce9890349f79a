import { defineCommand, flag, optional, value } from "../command.ts";
import { choice, integer, nonNegative, text } from "../terminal/parse-value.ts";

export const judgePassages = defineCommand({
  details: [
    "The first passages of the named runs' rankings are pooled, question by question, each pair once, and a model grades how relevant",
    "each is. Pairs that the dataset judges already are left out; with --all they are graded, too, and the agreement with the dataset's",
    "judgements is shown with its interval. A reply that is no verdict is asked for once more, then is a failure of the judge: such",
    "pairs get no line.",
    "",
    "Written are judgements/<dataset>-<split>/<judge>-<hash>.tsv, qrels in BEIR's form, and a .judge.json beside them that says which",
    "judge and model graded which pool: they are not people's judgements. The grades with their reasons are in the folder grades/",
    "there; what is there is not asked again, from whichever runs it came.",
    "",
    "To score by them, make a dataset of its own with these qrels: a file more in a dataset's qrels/ makes it another dataset, with",
    "which earlier runs are not compared.",
  ].join("\n"),
  args: [{ name: "<run...>", summary: "a run's folder or id, or suite/system for its newest finished run" }],
  options: {
    judge: value("-j, --judge <id>", "a folder in judges/ with a judge of passages", text, "relevance-0-3"),
    depth: value("--depth <n>", "how many passages of each ranking are pooled, from the top", integer(1), 10),
    all: flag("--all", "judge pairs that the dataset judges, too, and show the agreement"),
    repeats: optional("--repeats <n>", "how often each pair is judged; the median counts", integer(1, 100)),
    limit: optional("--limit <n>", "only the first questions; the rest can follow", integer(1)),
    out: optional("--out <file.tsv>", "where the qrels go instead", text),
    dryRun: flag("--dry-run", "say how many grades would be asked for and what they would take, and ask nothing"),
    maxCost: optional(
      "--max-cost <usd>",
      "stop before the grades cost more, in US dollars by prices.yaml; the same command goes on",
      nonNegative,
    ),
    fresh: flag("--fresh", "throw away what this judge said of the dataset's split and judge anew"),
    seed: value("--seed <n>", "the seed of the resamples", integer(0), 0),
    format: value("--format <format>", "text or json", choice("text", "json"), "text"),
    quiet: flag("-q, --quiet", "no progress and no notes, only the result"),
  },
  examples: [
    {
      command: "bench judge passages handbook/bm25-reader handbook/dense-reader",
      says: "what either found among its first ten and nobody judged",
    },
    { command: "bench judge passages --all --limit 20 handbook/bm25-reader", says: "how far the judge agrees, on 20" },
    { command: "bench judge passages --dry-run handbook/bm25-reader", says: "pairs, tokens, cost and time beforehand" },
  ],
  async run(runs, options, deps) {
    const { gradePassages } = await import("../judge/judge-passages.ts");
    return gradePassages(runs, options, deps);
  },
});
