import { defineRankingMetric } from "./define.ts";
import { CUTOFF } from "./params.ts";

export const expectedReciprocalRank = defineRankingMetric({
  name: "ERR",
  title: "Expected reciprocal rank",
  params: {
    at: CUTOFF,
    max: {
      type: "int",
      description: "highest grade of the scale; higher grades count as this one",
      default: 4,
      min: 1,
      max: 30,
    },
  },
  range: [0, 1],
  better: "higher",
  unit: "expected 1 / rank where the reader stops",
  meaning:
    "The expected reciprocal rank at which a reader is satisfied and stops, where a hit of grade g satisfies with " +
    "chance s = (2^g − 1) / 2^max: Σ (1/i) sᵢ Π over j < i of (1 − sⱼ). Set max to the dataset's highest grade; the " +
    "default is the five-grade scale of gdeval.",
  source: "Chapelle et al., CIKM 2009; TREC gdeval.pl",
  whenNoGold: "not-applicable",
  proportion: false,
  compute(grades, _judgements, { max }) {
    let reaches = 1;
    let sum = 0;
    grades.forEach((grade = 0, index) => {
      const satisfies = (2 ** Math.min(Math.max(grade, 0), max) - 1) / 2 ** max;
      sum += (reaches * satisfies) / (index + 1);
      reaches *= 1 - satisfies;
    });
    return sum;
  },
});
