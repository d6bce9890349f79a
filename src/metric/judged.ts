import { defineRankingMetric } from "./define.ts";
import { CUTOFF } from "./params.ts";

export const judged = defineRankingMetric({
  name: "Judged",
  title: "Judged hits",
  params: { at: CUTOFF },
  range: [0, 1],
  better: "higher",
  unit: "fraction of the passages returned",
  meaning:
    "Share of the hits that count which have a judgement of any grade. A low value says that the other figures of " +
    "this query rest on guesses: what is not judged counts as not relevant.",
  source: "ir_measures Judged@k; 1 − trec_eval unj.k where k hits were returned",
  whenNoGold: "unaffected",
  proportion: false,
  compute: (grades) => (grades.length === 0 ? 0 : grades.filter((grade) => grade !== undefined).length / grades.length),
});
