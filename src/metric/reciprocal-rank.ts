import { defineRankingMetric } from "./define.ts";
import { CUTOFF, REL } from "./params.ts";

export const reciprocalRank = defineRankingMetric({
  name: "RR",
  title: "Reciprocal rank",
  aka: ["MRR", "recip_rank"],
  params: { at: CUTOFF, rel: REL },
  range: [0, 1],
  better: "higher",
  unit: "1 / rank",
  meaning:
    "1 / rank of the first relevant hit; 0 where none is among the hits that count. Its mean over queries is MRR.",
  source: "trec_eval recip_rank; Voorhees, TREC-8 1999",
  whenNoGold: "not-applicable",
  proportion: false,
  compute: (grades, _judgements, { rel }) => {
    const first = grades.findIndex((grade) => grade !== undefined && grade >= rel);
    return first === -1 ? 0 : 1 / (first + 1);
  },
});
