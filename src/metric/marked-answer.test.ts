import { expect, it } from "vitest";
import { afterMarker } from "../lib/answer-marker.ts";
import { answerMetric, outcomeOf, sample } from "./testing/metric.ts";

it("EM of a RAFT answer is 1 with its marker parsed off, and 0 with the marker left in", () => {
  const raft = "The page says ##begin_quote##context length of 8K##end_quote##, so the answer is <ANSWER>: 8K";
  const em = (answer: string) => outcomeOf(answerMetric("EM").compute(sample({ answer, references: ["8K"] })));
  expect(em(afterMarker(raft, "<ANSWER>:"))).toBe(1);
  expect(em("<ANSWER>: 8K")).toBe(0);
});
