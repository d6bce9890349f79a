import { defineRankingMetric } from "./define.ts";
import { relevantCount } from "./grades.ts";
import { REL } from "./params.ts";

export const bpref = defineRankingMetric({
  name: "Bpref",
  title: "Binary preference",
  params: { rel: REL },
  range: [0, 1],
  better: "higher",
  unit: "share of preferences kept",
  meaning:
    "How seldom passages judged not relevant stand above relevant ones; unjudged hits are passed over. Σ over the " +
    "relevant hits of 1 − min(n, R) / min(N, R), divided by R: n is the number of non-relevant hits above, R the " +
    "judged relevant and N the judged non-relevant passages of the query. A relevant hit with no judged " +
    "non-relevant hit above adds 1. Grades below 0 count as unjudged.",
  source: "Buckley and Voorhees, SIGIR 2004; trec_eval bpref",
  whenNoGold: "not-applicable",
  proportion: false,
  compute(grades, judgements, { rel }) {
    const relevant = relevantCount(judgements, rel);
    const nonRelevant = relevantCount(judgements, 0) - relevant;
    let above = 0;
    let sum = 0;
    for (const grade of grades) {
      if (grade === undefined || grade < 0) continue;
      if (grade < rel) above += 1;
      else sum += above === 0 ? 1 : 1 - Math.min(above, relevant) / Math.min(nonRelevant, relevant);
    }
    return sum / relevant;
  },
});
