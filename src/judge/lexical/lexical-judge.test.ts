import { describe, expect, it } from "vitest";
import type { GradeRequest } from "../../core/contracts.ts";
import type { LexicalFit } from "./lexical-fit.ts";
import { lexicalJudge } from "./lexical-judge.ts";
import { OVERLAP_FEATURES, overlapFeature, overlapOf } from "./overlap-features.ts";

const criterion = { n: 40, questions: 40, crossValidated: {} };
const FIT: LexicalFit = {
  kind: "lexical-fit",
  schema: 1,
  rubric: "0".repeat(64),
  labels: { files: [], labels: 40 },
  level: 0.95,
  criteria: [
    { id: "correct", feature: "F1", base: 0, cuts: [{ from: 0.5, score: 2 }, { from: 0.9, score: 3 }], ...criterion }, // biome-ignore format: a table
    { id: "named", feature: "Contains", base: 0, cuts: [{ from: 0.5, score: 1 }], ...criterion },
  ],
};
const judge = lexicalJudge(FIT, { monotonic: () => 5 });
const signal = new AbortController().signal;

function request(answer: string, answers?: readonly string[]): GradeRequest {
  return {
    query: { id: "q", text: "?", ...(answers && { answers }) },
    passages: [],
    goldPassages: [],
    answer,
    repeat: 0,
  };
}

describe("lexicalJudge", () => {
  it.each([
    ["nothing of it", "other words", 0, 0],
    // F1 of two words in four: 2 · 1 · ½ / 1½ = ⅔.
    ["the reference among others", "Paris France since always", 2, 1],
    ["the very reference", "Paris, France.", 3, 1],
    ["nothing at all", "", 0, 0],
  ])("grades %s by the cut points of each criterion", async (_, answer, correct, named) => {
    const grade = await judge.grade(request(answer, ["Paris France"]), signal);
    expect(grade).toMatchObject({ ok: true, asked: 0 });
    expect(grade.ok && Object.fromEntries(grade.scores)).toEqual({ correct, named });
  });

  it("says what it measured, and takes the best of several references", async () => {
    const grade = await judge.grade(request("Rome", ["Paris", "Rome"]), signal);
    expect(grade).toMatchObject({ reason: "correct: F1 is 1.000; named: Contains is 1.000" });
  });

  it.each([[undefined], [[]]])("has no verdict where there is nothing to compare with: %j", async (answers) => {
    expect(await judge.grade(request("Paris", answers), signal)).toMatchObject({
      ok: false,
      code: "E_LEXICAL_REFERENCE",
    });
  });
});

describe("overlap features", () => {
  it("are canonical names of measures in [0, 1]: 1 for the reference itself, 0 for an empty answer", () => {
    expect(new Set(OVERLAP_FEATURES).size).toBe(OVERLAP_FEATURES.length);
    for (const name of OVERLAP_FEATURES) {
      const feature = overlapFeature(name)!;
      expect(feature.name).toBe(name);
      const text = "Der Wasserkocher fasst größere Mengen";
      expect([name, overlapOf(feature, text, [text]), overlapOf(feature, "", [text])]).toEqual([name, 1, 0]);
      expect(overlapOf(feature, text, [])).toBeUndefined();
    }
    expect(overlapFeature("BLEU")).toBeUndefined();
  });
});
