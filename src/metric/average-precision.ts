import { defineRankingMetric } from "./define.ts";
import { relevantCount } from "./grades.ts";
import { CUTOFF, REL } from "./params.ts";

export const averagePrecision = defineRankingMetric({
  name: "AP",
  title: "Average precision",
  aka: ["MAP", "map_cut"],
  params: { at: CUTOFF, rel: REL },
  range: [0, 1],
  better: "higher",
  unit: "mean precision at the relevant passages",
  meaning:
    "Precision at the rank of each relevant hit, added up and divided by the number of relevant passages judged, " +
    "found or not. With a cutoff the divisor stays the same, so AP@k cannot reach 1 where more than k passages are " +
    "relevant. Its mean over queries is MAP.",
  source: "trec_eval map and map_cut",
  whenNoGold: "not-applicable",
  proportion: false,
  compute(grades, judgements, { rel }) {
    let found = 0;
    let sum = 0;
    grades.forEach((grade, index) => {
      if (grade === undefined || grade < rel) return;
      found += 1;
      sum += found / (index + 1);
    });
    return sum / relevantCount(judgements, rel);
  },
});
