import { defineRankingMetric } from "./define.ts";
import { foundCount } from "./grades.ts";
import { CUTOFF, REL } from "./params.ts";

export const precision = defineRankingMetric({
  name: "P",
  title: "Precision",
  aka: ["Precision", "precision_at_k"],
  params: { at: { ...CUTOFF, description: "how many of the best hits count", required: true }, rel: REL },
  range: [0, 1],
  better: "higher",
  unit: "fraction of the cutoff",
  meaning:
    "Share of the first k places that hold a relevant passage: relevant found / k. Places left empty by a short " +
    "ranking count as not relevant, so a system cannot gain by returning less; dividing by what was returned is " +
    "PrecisionRetrieved.",
  source: "trec_eval P.k",
  whenNoGold: "not-applicable",
  proportion: false,
  compute: (grades, _judgements, { at, rel }) => foundCount(grades, rel) / at,
});
