import { defineRankingMetric } from "./define.ts";
import { foundCount } from "./grades.ts";
import { CUTOFF, REL } from "./params.ts";

export const precisionRetrieved = defineRankingMetric({
  name: "PrecisionRetrieved",
  title: "Precision by number retrieved",
  aka: ["SetP", "set_P"],
  params: { at: CUTOFF, rel: REL },
  range: [0, 1],
  better: "higher",
  unit: "fraction of the passages returned",
  meaning:
    "Share of the passages returned, down to the cutoff, that are relevant: relevant found / min(k, retrieved). It " +
    "rewards returning fewer passages; P does not.",
  source: "trec_eval set_P; MLflow precision_at_k",
  whenNoGold: "not-applicable",
  proportion: false,
  compute: (grades, _judgements, { rel }) => (grades.length === 0 ? 0 : foundCount(grades, rel) / grades.length),
});
