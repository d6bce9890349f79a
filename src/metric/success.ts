import { defineRankingMetric } from "./define.ts";
import { CUTOFF, REL } from "./params.ts";

export const success = defineRankingMetric({
  name: "Success",
  title: "Success: any relevant passage found",
  aka: ["HitRate", "Hit", "Hits", "success_at_k"],
  params: { at: CUTOFF, rel: REL },
  range: [0, 1],
  better: "higher",
  unit: "share of queries",
  meaning:
    "1 where at least one relevant passage is among the hits that count, else 0. The lenient rule: some papers call " +
    "it recall.",
  source: "trec_eval success.k",
  whenNoGold: "not-applicable",
  proportion: true,
  compute: (grades, _judgements, { rel }) => (grades.some((grade) => grade !== undefined && grade >= rel) ? 1 : 0),
});
