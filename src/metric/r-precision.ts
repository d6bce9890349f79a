import { defineRankingMetric } from "./define.ts";
import { foundCount, relevantCount } from "./grades.ts";
import { REL } from "./params.ts";

export const rPrecision = defineRankingMetric({
  name: "Rprec",
  title: "R-precision",
  aka: ["R-Precision"],
  params: { rel: REL },
  range: [0, 1],
  better: "higher",
  unit: "fraction of the first R places",
  meaning: "Precision at R, where R is the number of relevant passages of the query: relevant among the first R / R.",
  source: "trec_eval Rprec",
  whenNoGold: "not-applicable",
  proportion: false,
  compute(grades, judgements, { rel }) {
    const relevant = relevantCount(judgements, rel);
    return foundCount(grades.slice(0, relevant), rel) / relevant;
  },
});
