import type { AnswerMetric, AnswerSample, Metric, RankingMetric } from "../define.ts";
import { parseMetric } from "../parse.ts";

function metric(name: string): Metric {
  const parsed = parseMetric(name);
  if (!parsed.ok) throw new Error(`${parsed.problem.expected}, got ${parsed.problem.got}`);
  return parsed.metric;
}

export function rankingMetric(name: string): RankingMetric {
  const m = metric(name);
  if (m.kind !== "ranking") throw new Error(`${name} is no ranking metric`);
  return m;
}

export function answerMetric(name: string): AnswerMetric {
  const m = metric(name);
  if (m.kind !== "answer") throw new Error(`${name} is no answer metric`);
  return m;
}

/** An answered, answerable question unless said otherwise. */
export function sample(parts: Partial<AnswerSample>): AnswerSample {
  return { answer: "", refused: false, references: undefined, answerable: true, ...parts };
}

/** A question with everything a metric of answers may look at. */
export const FULL = {
  references: ["right"],
  judgements: new Map([["p1", 1]]),
  passages: [
    { id: "p1", text: "This is the right thing to say, word by word." },
    { id: "p2", text: "Something else." },
  ],
  finish: "stop",
  usage: { promptTokens: 50, completionTokens: 7 },
} as const;

/** Value of a scored outcome, or the reason why there is none. */
export function outcomeOf(outcome: ReturnType<Metric["compute"]>): number | string {
  return outcome.state === "scored" ? outcome.value : outcome.reason;
}
