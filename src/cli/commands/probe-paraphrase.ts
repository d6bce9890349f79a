import { defineCommand, list, optional } from "../command.ts";
import { PROBE_FLAGS } from "../probe/probe-flags.ts";
import { choice, integer, text } from "../terminal/parse-value.ts";

const CHANGES = ["typos", "lowercase", "uppercase", "word-order", "no-punctuation"] as const;

export const probeParaphrase = defineCommand({
  details: [
    "Each question is put as it is and in every variant: typos, other case, other word order, no punctuation, and paraphrases",
    "from a file. Every variant is compared with the original question by question; what is gold does not change.",
    'A file of paraphrases has JSON lines: {"query": "its id", "text": "the paraphrase"}; a question may have several.',
    "The log is a run of its own in runs/, <suite>-probe-paraphrase, with a question for every variant.",
  ].join("\n"),
  args: [{ name: "<system>", summary: "a system; its generator is asked where it has one" }],
  options: {
    change: list(
      "--change <kind>",
      `${CHANGES.join(", ")}; all when left out and no file is given`,
      choice(...CHANGES),
    ),
    paraphrases: optional("--paraphrases <file>", "paraphrases that somebody wrote, as JSON lines", text),
    topk: optional(
      "-k, --topk <k>",
      "passages for the generator; the suite's largest when left out",
      integer(1, 100_000),
    ),
    ...PROBE_FLAGS,
  },
  examples: [
    { command: "bench probe paraphrase bm25-reader", says: "five ways to write each question differently" },
    {
      command: "bench probe paraphrase bm25-reader --change typos --metric R@5",
      says: "what typos do to retrieval alone",
    },
    { command: "bench probe paraphrase raft-8b --paraphrases paraphrases.jsonl", says: "paraphrases from a file" },
    { command: "bench probe paraphrase raft-8b --html paraphrase.html", says: "with a page of pictures" },
  ],
  async run([system], options, deps) {
    const { probeParaphrase: probe } = await import("../probe/probe-paraphrase.ts");
    return probe(system!, options, deps);
  },
});
