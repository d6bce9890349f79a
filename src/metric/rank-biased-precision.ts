import { defineRankingMetric } from "./define.ts";
import { CUTOFF, REL } from "./params.ts";

export const rankBiasedPrecision = defineRankingMetric({
  name: "RBP",
  title: "Rank-biased precision",
  params: {
    at: CUTOFF,
    p: {
      type: "float",
      description: "chance that the reader goes on to the next hit",
      default: 0.8,
      min: 0.01,
      max: 0.99,
    },
    rel: REL,
  },
  range: [0, 1],
  better: "higher",
  unit: "expected rate of relevant passages read",
  meaning:
    "What share of the passages read is relevant, for a reader who goes on to the next hit with chance p: (1 − p) Σ " +
    "p^(i−1) over the ranks i of relevant hits. Relevance is binary by rel. It depends on no passage that was not " +
    "retrieved, and stays below 1 for any finite ranking.",
  source: "Moffat and Zobel, TOIS 2008; cwl_eval",
  whenNoGold: "not-applicable",
  proportion: false,
  compute(grades, _judgements, { p, rel }) {
    let weight = 1 - p;
    let sum = 0;
    for (const grade of grades) {
      if (grade !== undefined && grade >= rel) sum += weight;
      weight *= p;
    }
    return sum;
  },
});
