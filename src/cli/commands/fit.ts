import { defineCommand, flag, value } from "../command.ts";
import { integer, text } from "../terminal/parse-value.ts";
import { suiteFlag } from "./common-flags.ts";

export const fit = defineCommand({
  details: [
    "Tries every threshold that changes an answer and takes the one with the best mean F1, where declining is right for an",
    "unanswerable question and wrong for an answerable one. The test split is never looked at.",
  ].join("\n"),
  args: [{ name: "<system>", summary: "a system whose generator is a reader" }],
  options: {
    ...suiteFlag,
    split: value("--split <split>", "the split to fit on", text, "eval"),
    topk: value("-k, --topk <k>", "how many passages the reader is given", integer(1, 1000), 5),
    write: flag("--write", "write the threshold into the system's file"),
  },
  examples: [
    { command: "bench fit bm25-reader", says: "prints the best threshold and what it gains" },
    { command: "bench fit bm25-reader --write", says: "and puts it into benchmarks/systems/bm25-reader.yaml" },
  ],
  async run([system], options, deps) {
    const { fitThreshold } = await import("../tune/fit-threshold.ts");
    return fitThreshold(system!, options, deps);
  },
});
