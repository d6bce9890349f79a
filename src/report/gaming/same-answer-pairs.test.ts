import { describe, expect, it } from "vitest";
import { answerSource, COPIES, type PrintedRun, sameAnswerPairs } from "./same-answer-pairs.ts";

/** Numbers from `first` on: prints of answers that nobody else gives. */
const own = (first: number, n: number) => Uint32Array.from({ length: n }, (_, at) => first + at);
const printed = (run: string, prints: Uint32Array, source?: string): PrintedRun => ({
  ...{ run, source, prints: new Map([["rag@3", prints]]) },
});
/** A run of `n` answers and one that has `same` of them. */
const alike = (same: number, n: number) => {
  const copy = own(1, n).map((print, at) => (at < same ? print : 1_000_000 + at));
  return sameAnswerPairs([printed("a", own(1, n)), printed("b", copy)]);
};

describe("sameAnswerPairs", () => {
  it("flags a copy, whole, of 95 %, and down to 90 %", () => {
    expect(alike(300, 300)).toEqual([{ runs: ["a", "b"], condition: "rag@3", same: 300, compared: 300 }]);
    expect(alike(285, 300)).toHaveLength(1);
    expect(alike(270, 300)).toHaveLength(1);
    expect(alike(269, 300)).toEqual([]);
  });

  it("asks few questions for more: of 20 all, of 30 but one, of fewer nothing will do", () => {
    expect([alike(20, 20).length, alike(19, 20).length]).toEqual([1, 0]);
    expect([alike(29, 30).length, alike(27, 30).length]).toEqual([1, 0]);
    expect(alike(COPIES.least - 1, COPIES.least - 1)).toEqual([]);
  });

  it("does not flag the most alike of independent systems: 100 of 134 and 992 of 1,504 answers", () => {
    expect(alike(100, 134)).toEqual([]);
    expect(alike(992, 1504)).toEqual([]);
  });

  it("counts only questions that both gave an answer to that tells anything", () => {
    const silent = own(1, 300).map((print, at) => (at < 270 ? 0 : print));
    expect(sameAnswerPairs([printed("a", own(1, 300)), printed("b", silent)])).toMatchObject([
      { same: 30, compared: 30 },
    ]);
    expect(sameAnswerPairs([printed("a", new Uint32Array(300)), printed("b", new Uint32Array(300))])).toEqual([]);
  });

  it("compares within a condition, and none of other length", () => {
    const prints = own(1, 40);
    expect(
      sameAnswerPairs([
        { run: "a", source: undefined, prints: new Map([["rag@3", prints]]) },
        { run: "b", source: undefined, prints: new Map([["rag@5", prints]]) },
      ]),
    ).toEqual([]);
    expect(sameAnswerPairs([printed("a", prints), printed("b", own(1, 41))])).toEqual([]);
  });

  it("finds every pair among several, most alike first", () => {
    const prints = own(1, 100);
    const nearly = prints.map((print, at) => (at < 5 ? 5_000 + at : print));
    const found = sameAnswerPairs([
      printed("a", prints),
      printed("b", nearly),
      printed("c", prints),
      printed("d", own(500, 100)),
    ]);
    expect(found.map(({ runs }) => runs.join())).toEqual(["a,c", "a,b", "b,c"]);
  });

  it("leaves out systems that say they have one source, not those that say nothing", () => {
    const prints = own(1, 40);
    const pair = (a?: string, b?: string) => sameAnswerPairs([printed("a", prints, a), printed("b", prints, b)]).length;
    expect([pair("x", "x"), pair("x", "y"), pair("x"), pair()]).toEqual([0, 1, 1, 1]);
  });
});

describe("answerSource", () => {
  const source = (generator: unknown) => answerSource({ retriever: { kind: "bm25" }, generator });

  it("is the same for one model, program or file of answers, whatever else is set", () => {
    expect(source({ kind: "openai", model: "m", temperature: 0 })).toBe(
      source({ kind: "openai", model: "m", temperature: 1 }),
    );
    expect(source({ kind: "replay", file: "a" })).not.toBe(source({ kind: "replay", file: "b" }));
    expect(source({ kind: "process", command: ["python3", "a.py"] })).not.toBe(
      source({ kind: "process", command: ["python3", "b.py"] }),
    );
    expect(source({ kind: "reader", sentences: 1 })).toBe(source({ kind: "reader", sentences: 2 }));
  });

  it.each([undefined, null, "text", 3, {}, { generator: null }, { generator: "x" }])("says nothing of %j", (config) => {
    expect(answerSource(config)).toBeUndefined();
  });
});
