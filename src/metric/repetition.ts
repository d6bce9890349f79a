import { scored, unscored } from "../core/outcome.ts";
import { defineAnswerMetric } from "./define.ts";
import { wordNgrams } from "./ngrams.ts";
import { splitWords } from "./normalize.ts";

export const repetition = defineAnswerMetric({
  name: "Repetition",
  title: "Repetition: share of repeated word runs",
  aka: ["seq-rep-n", "SeqRep"],
  group: "text",
  params: {
    n: { type: "int", description: "length of the runs in words", default: 4, min: 1, max: 20 },
  },
  range: [0, 1],
  better: "lower",
  unit: "share of the answer's word runs",
  meaning:
    "1 − distinct runs of n words / all runs of n words, lower-cased and split at white space: 0 where no run comes " +
    "twice, near 1 where the answer loops. Answers of fewer than n words, refused and failed questions are not part " +
    "of it.",
  source: "seq-rep-n of Welleck et al., ICLR 2020",
  whenEmpty: "not-applicable",
  whenNoGold: "unaffected",
  whenFailed: "not-applicable",
  proportion: false,
  compute({ answer, refused }, { n }) {
    if (refused) return unscored("not-applicable", "the question was refused");
    const words = splitWords(answer.toLowerCase());
    const runs = words.length - n + 1;
    if (runs < 1) return unscored("not-applicable", `the answer has fewer than ${n} words`);
    return scored(1 - new Set(wordNgrams(words, n)).size / runs);
  },
});
