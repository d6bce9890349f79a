import { describe, expect, it } from "vitest";
import { answerText } from "./answer-text.ts";
import { answerMetric, outcomeOf, sample } from "./testing/metric.ts";

const RAFT = "The page says ##begin_quote##context length of 8K##end_quote##, so the answer is <ANSWER>: 8K";

describe("answerText", () => {
  it.each([
    ["what follows the marker", RAFT, "8K"],
    ["the last marker counts", "<ANSWER>: 4K? No. <ANSWER>: 8K", "8K"],
    ["whatever its case", "so <Answer>: 8K", "8K"],
    ["no marker: all of it", "  8K \n", "8K"],
    ["quote marks go, quotes stay", "##begin_quote##8K##end_quote##", "8K"],
    ["nothing after the marker", "thinking <ANSWER>:", ""],
    ["characters whose lower case is longer do not shift the cut", "İİİ <ANSWER>: İ8K", "İ8K"],
    ["empty", "", ""],
  ])("%s", (_why, raw, expected) => expect(answerText(raw)).toBe(expected));

  it("takes another marker, and none", () => {
    expect(answerText("x #### 42", { marker: "####" })).toBe("42");
    expect(answerText("x <ANSWER>: 42", { marker: "" })).toBe("x <ANSWER>: 42");
  });

  it("makes EM of an answer with its marker parsed off 1, which is 0 with the marker left in", () => {
    const em = (answer: string) => outcomeOf(answerMetric("EM").compute(sample({ answer, references: ["8K"] })));
    expect(em(answerText(RAFT))).toBe(1);
    expect(em("<ANSWER>: 8K")).toBe(0);
  });
});
