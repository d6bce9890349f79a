import { describe, expect, it } from "vitest";
import type { AnswerSample } from "./define.ts";
import { answerMetric, outcomeOf, sample } from "./testing/metric.ts";

const right = sample({ answer: "right", references: ["right"] });
const wrong = sample({ answer: "wrong", references: ["right"] });
const refusal = sample({ answer: "I do not know", refused: true, references: ["right"] });
const falseAnswer = sample({ answer: "made up", answerable: false });
const rightRefusal = sample({ answer: "", refused: true, answerable: false });

function figure(name: string, samples: readonly AnswerSample[]): { value: number; n: number } {
  const values = samples.map((s) => outcomeOf(answerMetric(name).compute(s))).filter((v) => typeof v === "number");
  return { value: values.reduce((a, b) => a + b, 0) / values.length, n: values.length };
}

const many = (n: number, of: AnswerSample) => Array.from({ length: n }, () => of);

describe("answer precision has one denominator", () => {
  // The RAFT recipe's chatbot, 71 questions: right answers and refusals as published; its own table divides refusals
  // by 72.
  it.each([
    ["all_data at k = 3", 41, 8, 65.08],
    ["all_data at k = 5", 43, 9, 69.35],
    ["all_data at k = 7", 54, 6, 83.08],
    ["pytorch_only at k = 3", 39, 3, 57.35],
    ["pytorch_only at k = 5", 43, 2, 62.32],
    ["pytorch_only at k = 7", 49, 1, 70.0],
  ])("%s: %i right, %i refusals of 71 give %f %%", (_system, rights, refusals, expected) => {
    const samples = [...many(rights, right), ...many(refusals, refusal), ...many(71 - rights - refusals, wrong)];
    const precision = figure("AnswerPrecision", samples);
    expect(precision.n).toBe(71 - refusals);
    expect(100 * precision.value).toBeCloseTo(expected, 1.99);
    expect((100 * precision.value).toFixed(2)).toBe(expected.toFixed(2));
    const coverage = figure("Coverage", samples);
    expect(coverage.value).toBeCloseTo((71 - refusals) / 71, 12);
    expect(precision.value * coverage.value).toBeCloseTo(figure("EM", samples).value, 12);
  });

  it("equals accuracy when nothing is refused, and has no samples when all is", () => {
    const samples = [...many(3, right), ...many(2, wrong)];
    expect(figure("AnswerPrecision", samples)).toEqual(figure("EM", samples));
    expect(figure("AnswerPrecision", many(5, refusal)).n).toBe(0);
  });

  it("takes what is right from another metric, from a value on", () => {
    const partly = sample({ answer: "right on", references: ["right"] });
    expect(figure("AnswerPrecision", [partly]).value).toBe(0);
    expect(figure("AnswerPrecision(by=F1)", [partly]).value).toBe(0);
    expect(figure("AnswerPrecision(by=F1, at_least=0.5)", [partly]).value).toBe(1);
    expect(figure("AnswerPrecision(by=Contains)", [partly]).value).toBe(1);
    expect(figure("AnswerPrecision(by='ROUGE-1(score=recall)')", [partly]).value).toBe(1);
  });

  it("counts an answer to an unanswerable question as wrong, by any metric", () => {
    for (const by of ["EM", "F1", "ROUGE-L", "Contains", "'F1(squad=1)'"]) {
      expect(figure(`AnswerPrecision(by=${by})`, [falseAnswer])).toEqual({ value: 0, n: 1 });
    }
  });
});

describe("each of the four cells counts where it should", () => {
  it.each([
    // metric: answered right, answered wrong, refused though answerable, answered though unanswerable, refused rightly
    ["Coverage", [1, 1, 0, 1, 0]],
    ["AnswerPrecision", [1, 0, "not-applicable", 0, "not-applicable"]],
    ["RefusalPrecision", ["not-applicable", "not-applicable", 0, "not-applicable", 1]],
    ["RefusalRecall", ["not-applicable", "not-applicable", "not-applicable", 0, 1]],
    ["OverRefusal", [0, 0, 1, "not-applicable", "not-applicable"]],
    ["FalseAnswer", ["not-applicable", "not-applicable", "not-applicable", 1, 0]],
    ["EM", [1, 0, 0, 0, 1]],
    ["F1", [1, 0, 0, 0, 1]],
    ["F1(squad=1)", [1, 0, 0, "not-applicable", "not-applicable"]],
    ["ROUGE-L", [1, 0, 0, "not-applicable", "not-applicable"]],
    ["Contains", [1, 0, 0, "not-applicable", "not-applicable"]],
  ])("%s", (name, expected) => {
    const cells = [right, wrong, refusal, falseAnswer, rightRefusal];
    expect(cells.map((cell) => outcomeOf(answerMetric(name).compute(cell)))).toEqual(expected);
  });

  it("a refusal is never right by quoting the reference", () => {
    const quoting = sample({ answer: "right", refused: true, references: ["right"] });
    for (const name of ["EM", "F1", "ROUGE-1", "Contains"]) {
      expect(outcomeOf(answerMetric(name).compute(quoting))).toBe(0);
    }
    const nothing = sample({ answer: "", refused: true, references: ["the"] });
    for (const name of ["EM", "F1", "EM(squad=1)"]) expect(outcomeOf(answerMetric(name).compute(nothing))).toBe(0);
  });
});
