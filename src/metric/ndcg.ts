import { defineRankingMetric } from "./define.ts";
import { CUTOFF } from "./params.ts";

/** Gains added up with a discount by rank: gain of the hit at rank i over log2(i + 1). */
function dcg(gains: Iterable<number>): number {
  let sum = 0;
  let rank = 1;
  for (const gain of gains) {
    if (gain > 0) sum += gain / Math.log2(rank + 1);
    rank += 1;
  }
  return sum;
}

export const ndcg = defineRankingMetric({
  name: "nDCG",
  title: "Normalised discounted cumulative gain",
  aka: ["NDCG", "ndcg_cut"],
  params: {
    at: CUTOFF,
    dcg: {
      type: "choice",
      description: "gain of a grade g: log2 takes g itself, exp-log2 takes 2^g − 1",
      default: "log2",
      choices: ["log2", "exp-log2"],
    },
  },
  range: [0, 1],
  better: "higher",
  unit: "fraction of the best possible discounted gain",
  meaning:
    "How near the ranking comes to the best one there could be, higher grades first. DCG = Σ gain(gᵢ) / log2(i + 1) " +
    "over the ranks i that count; nDCG = DCG / IDCG, where IDCG is the DCG of all judged passages of the query " +
    "sorted by grade, retrieved or not. Grades below 1 and unjudged hits gain nothing. A ranking shorter than the " +
    "cutoff is measured against the full cutoff.",
  source:
    "Järvelin and Kekäläinen, TOIS 2002; trec_eval ndcg and ndcg_cut; exp-log2: Burges et al., ICML 2005, as gdeval",
  whenNoGold: "not-applicable",
  proportion: false,
  compute(grades, judgements, { at, dcg: gains }) {
    const gain = (grade: number | undefined): number =>
      grade === undefined || grade <= 0 ? 0 : gains === "log2" ? grade : 2 ** grade - 1;
    const ideal = Array.from(judgements.values())
      .sort((a, b) => b - a)
      .slice(0, at);
    return dcg(grades.map(gain)) / dcg(ideal.map(gain));
  },
});
