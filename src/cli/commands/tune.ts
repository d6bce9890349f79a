import { defineCommand, flag, value } from "../command.ts";
import { integer, text } from "../terminal/parse-value.ts";
import { suiteFlag } from "./common-flags.ts";

export const tune = defineCommand({
  details: [
    "Looks at a grid of settings and takes the best mean of the metric; the settings that are there are kept where no others are",
    "better. Cross-validation by document says what choosing this way is worth on questions it has not seen. The test split is",
    "never looked at.",
  ].join("\n"),
  args: [{ name: "<system>", summary: "a system whose retriever is of kind bm25, or a convex fusion of two" }],
  options: {
    ...suiteFlag,
    split: value("--split <split>", "the split to choose on", text, "eval"),
    metric: value("--metric <name>", "a ranking metric", text, "nDCG@10"),
    folds: value("--folds <n>", "parts of the cross-validation", integer(2, 1000), 5),
    write: flag("--write", "write the choice into the system's file"),
  },
  examples: [
    { command: "bench tune bm25-reader", says: "k1 and b for nDCG@10 on the eval split" },
    { command: "bench tune hybrid --metric R@5 --write", says: "the weight of a fusion, put into its file" },
  ],
  async run([system], options, deps) {
    const { tuneRetriever } = await import("../tune/tune-retriever.ts");
    return tuneRetriever(system!, options, deps);
  },
});
