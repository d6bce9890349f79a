import { type Outcome, scored, unscored } from "../core/outcome.ts";
import { defineAnswerMetric } from "./define.ts";

export const composite = defineAnswerMetric({
  name: "Composite",
  title: "Composite: weighted mean of named metrics",
  group: "reference",
  params: {
    of: {
      type: "weighted",
      description: "the members with their weights, `0.7 F1 + 0.3 ROUGE-L`; weights need not add up to 1",
      required: true,
    },
  },
  range: [0, 1],
  better: "higher",
  unit: "weighted mean of its members",
  meaning:
    "Σ weight × member / Σ weights, per question. The members and weights stand in its name, so that no table shows it " +
    "without them. Where a member has no value, the composite has none either: it is never a mean over those that " +
    "happen to be there. Members are answer metrics from 0 to 1 where more is better and a failure scores 0.",
  source: "weighted mean; composites with named members as on the Open LLM Leaderboard",
  whenEmpty: 0,
  whenNoGold: "no-gold",
  whenFailed: 0,
  proportion: false,
  excludes(question, { of }) {
    for (const { metric } of of) {
      const floor = metric.floor(question);
      if (floor.state === "unscored") return without(metric.name, floor);
    }
    return undefined;
  },
  compute(sample, { of }) {
    let total = 0;
    let weights = 0;
    const parts: string[] = [];
    for (const { weight, metric } of of) {
      const outcome = metric.compute(sample);
      if (outcome.state === "unscored") return without(metric.name, outcome);
      total += weight * outcome.value;
      weights += weight;
      parts.push(`${metric.name} ${Number(outcome.value.toFixed(4))}`);
    }
    return scored(total / weights, parts.join(", "));
  },
});

function without(member: string, { reason, detail }: Extract<Outcome, { state: "unscored" }>): Outcome {
  return unscored(reason, `${member}: ${detail}`);
}
