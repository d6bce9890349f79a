import { SUMMARY_FORMATS } from "../../report/summary/summary-formats.ts";
import { defineCommand, flag, list, optional, value } from "../command.ts";
import { choice, integer, text } from "../terminal/parse-value.ts";
import { suiteFlag } from "./common-flags.ts";

export const sweep = defineCommand({
  details: [
    "Every combination is a cell. All cells answer the same questions, so each is compared with the best question by question;",
    "cells share their work: an index per corpus, a vector per text, a retrieval at the largest k. A cell of k keeps the first k",
    "passages only. --chunk cuts the documents anew; the gold follows as spans. A generator is asked with --answers only.",
    "The metric to choose by is, unless --metric names one, R at the largest -k, else the suite's first nDCG, else its first",
    "ranking metric. The split is one that the suite does not test: the best of many is too good for its questions.",
  ].join("\n"),
  args: [{ name: "<system>", summary: "a system with a retriever" }],
  options: {
    ...suiteFlag,
    set: list("--set <key=values>", "a key of the system file and its values: retriever.k1=0.9,1.2", text),
    chunk: list("--chunk <unit:sizes>", "sizes of passages, with overlap after a slash: words:50,100,100/20", text),
    encoder: optional("--encoder <folder>", "the encoder whose tokens are counted, with --chunk tokens:…", text),
    topk: list("-k, --topk <k>", "how many passages are kept", integer(1, 10_000)),
    split: value("--split <split>", "the split to measure on", text, "eval"),
    limit: optional(
      "--limit <n>",
      "ask only so many questions, drawn at random, for a quick look",
      integer(1, 1_000_000_000),
    ),
    lookAtTest: flag("--look-at-test", "allow the split that the suite tests"),
    answers: flag("--answers", "ask the generator too, from each cell's passages, and score its answers"),
    metric: optional("--metric <name>", "the metric to choose by; of rankings unless --answers is given", text),
    format: value("--format <format>", SUMMARY_FORMATS.join(", "), choice(...SUMMARY_FORMATS), "text"),
    html: optional("--html <file>", "also write a page with pictures, to open in a browser", text),
    quiet: flag("-q, --quiet", "print no progress"),
  },
  examples: [
    { command: "bench sweep bm25-reader --set retriever.b=0.4,0.75", says: "two values of b on the eval split" },
    { command: "bench sweep bm25-reader --chunk words:50,100,200", says: "three sizes of passages" },
    { command: "bench sweep bm25-reader -k 1,3,5,10", says: "what a longer context holds" },
    {
      command: "bench sweep bm25-reader --set retriever.k1=0.9,1.2 --html sweep.html",
      says: "with a page of pictures",
    },
  ],
  async run([system], options, deps) {
    const { sweepRetriever } = await import("../sweep/sweep-retriever.ts");
    return sweepRetriever(system!, options, deps);
  },
});
