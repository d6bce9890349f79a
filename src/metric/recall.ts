import { defineRankingMetric } from "./define.ts";
import { foundCount, relevantCount } from "./grades.ts";
import { CUTOFF, REL } from "./params.ts";

export const recall = defineRankingMetric({
  name: "R",
  title: "Recall",
  aka: ["Recall", "recall_at_k", "SetR"],
  params: { at: CUTOFF, rel: REL },
  range: [0, 1],
  better: "higher",
  unit: "fraction of the relevant passages",
  meaning:
    "Share of the query's relevant passages that are among the hits that count: relevant found / relevant judged. " +
    "With one relevant passage it equals Success; where all of several must be found, see Complete.",
  source: "trec_eval recall.k and set_recall",
  whenNoGold: "not-applicable",
  proportion: false,
  compute: (grades, judgements, { rel }) => foundCount(grades, rel) / relevantCount(judgements, rel),
});
