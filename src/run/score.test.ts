import { describe, expect, it } from "vitest";
import { type AnswerMetric, parseMetric } from "../metric/index.ts";
import type { QuestionRecord } from "../runlog/index.ts";
import { answerFloors, scoreAnswer } from "./score.ts";

const metrics = ["F1", "Support", "Quotes", "CitationRecall", "HitLimit", "AnswerTokens"].map((name): AnswerMetric => {
  const parsed = parseMetric(name);
  if (!parsed.ok || parsed.metric.kind !== "answer") throw new Error(name);
  return parsed.metric;
});
const question: QuestionRecord = { id: "q", text: "?", answers: ["honey"], judgements: [["p2", 1]] };
const passages = [
  { id: "p1", document: "d", text: "Ants." },
  { id: "p2", document: "d", text: "Bees make honey." },
];

describe("scoreAnswer", () => {
  it("lets metrics see passages, judgements, reasoning, tokens and why the answer ended", () => {
    const answer = {
      text: "honey [2]",
      raw: "##begin_quote##Bees make honey##end_quote## <ANSWER>: honey [2]",
      finish: "length",
      usage: { promptTokens: 9, completionTokens: 12 },
    };
    expect(scoreAnswer(metrics, answer, false, passages, question)).toMatchObject({
      F1: { value: 2 / 3 },
      Support: { value: 0.4, evidence: "passage p2" },
      Quotes: { value: 1 },
      CitationRecall: { value: 1 },
      HitLimit: { value: 1 },
      AnswerTokens: { value: 12 },
    });
  });

  it("without passages grounding says nothing; a failure has floors where it is spoken of", () => {
    const outcomes = scoreAnswer(metrics, { text: "honey", finish: "stop" }, false, [], question);
    expect(outcomes).toMatchObject({
      F1: { value: 1 },
      Support: { reason: "not-applicable" },
      AnswerTokens: { reason: "not-applicable" },
    });
    expect(answerFloors(metrics, question)).toMatchObject({
      Support: { value: 0 },
      CitationRecall: { value: 0 },
      Quotes: { reason: "not-applicable" },
    });
    expect(answerFloors(metrics, { ...question, judgements: [] })).toMatchObject({
      CitationRecall: { reason: "no-gold" },
    });
  });
});
