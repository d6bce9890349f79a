import { defineRankingMetric } from "./define.ts";
import { foundCount, relevantCount } from "./grades.ts";
import { CUTOFF, REL } from "./params.ts";

export const complete = defineRankingMetric({
  name: "Complete",
  title: "Complete: every relevant passage found",
  aka: ["AllRecall", "Solved"],
  params: { at: CUTOFF, rel: REL },
  range: [0, 1],
  better: "higher",
  unit: "share of queries",
  meaning:
    "1 where all of the query's relevant passages are among the hits that count, else 0: the strict rule, for " +
    "questions that need every piece. It is 0 by necessity where more than k passages are relevant. LocalRQA " +
    "reports it as recall.",
  source: "LocalRQA retriever evaluation (its recall)",
  whenNoGold: "not-applicable",
  proportion: true,
  compute: (grades, judgements, { rel }) => (foundCount(grades, rel) === relevantCount(judgements, rel) ? 1 : 0),
});
