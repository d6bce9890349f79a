import { describe, expect, it } from "vitest";
import type { SameAnswerPair } from "./same-answer-pairs.ts";
import { pairLines, SAME_REASONS, SAME_WORD, sameAnswersMark, sameAnswersView } from "./same-answer-words.ts";

const pair = (a: string, b: string, changes: Partial<SameAnswerPair> = {}): SameAnswerPair => ({
  ...{ runs: [a, b], condition: "rag@3", same: 128, compared: 134 },
  ...changes,
});

describe("the words of equal answers", () => {
  it("say of two systems once how many, and under which other contexts", () => {
    const pairs = [pair("a", "b"), pair("a", "c"), pair("a", "b", { condition: "rag@\u202e5", same: 127 })];
    expect(pairLines(pairs)).toEqual([
      { runs: ["a", "b"], says: "rag@3: 128 of 134 answers compared (95.5 %); likewise under rag@\\u202e5" },
      { runs: ["a", "c"], says: "rag@3: 128 of 134 answers compared (95.5 %)" },
    ]);
  });

  it("give a note with the first pairs, the rest folded, and say how many are not listed", () => {
    const pairs = Array.from({ length: 60 }, (_, at) => pair("a", `b${at}`));
    const view = sameAnswersView(pairs, (run) => run.toUpperCase())!;
    expect(view.shown.map(({ a, b }) => a + b)).toEqual(["AB0", "AB1", "AB2"]);
    expect(view).toMatchObject({ more: "57", unlisted: "10", reasons: SAME_REASONS });
    expect(view.folded).toHaveLength(47);
    expect(sameAnswersView(pairs.slice(0, 2), String)).toMatchObject({ folded: [], unlisted: undefined });
    expect(sameAnswersView([], String)).toBeUndefined();
  });

  it("mark a row with the system that it is most like", () => {
    const pairs = [pair("a", "b"), pair("c", "a")];
    const mark = (run: string, condition?: string) =>
      sameAnswersMark(pairs, run, condition, (name) => `system ${name}`);
    expect(mark("a", "rag@3")).toEqual([
      { word: SAME_WORD, says: "128 of 134 answers compared are word for word those of system b, and 1 more such" },
    ]);
    expect(mark("c", "rag@3")[0]!.says).toMatch(/those of system a$/);
    expect([mark("d", "rag@3"), mark("a", "rag@5"), mark("a")]).toEqual([[], [], []]);
  });
});
