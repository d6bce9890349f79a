import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Hit } from "../../core/ranking.ts";
import { rankIds } from "../../metric/index.ts";
import { PassageWords } from "./passage-words.ts";
import { questionFacts } from "./question-facts.ts";

const TEXTS: Readonly<Record<string, string>> = {
  gold: "one two three four five six seven eight nine ten",
  // 9 of 11 distinct words shared: .818; 8 of 12: .667.
  near: "one two three four five six seven eight nine eleven",
  far: "one two three four five six seven eight eleven twelve",
  other: "alpha beta",
  second: "gamma delta epsilon",
};
const words = new PassageWords();
for (const [id, text] of Object.entries(TEXTS)) words.add(id, text);

const hits = (line: string): Hit[] =>
  line
    .split(" ")
    .filter(Boolean)
    .map((part, i): Hit => {
      const [id, score] = part.split("=");
      return [id!, score === undefined ? 10 - i : Number(score)];
    });
const facts = (ranking: string, judgements: readonly (readonly [string, number])[] = [["gold", 1]]) =>
  questionFacts({ text: "one two alpha", judgements }, hits(ranking), words);

describe("questionFacts", () => {
  it.each([
    ["gold first", "gold near", 1],
    ["behind others", "other far gold", 3],
    ["nothing retrieved", "", undefined],
    ["not retrieved", "other far", undefined],
  ])("finds the rank of the first gold passage: %s", (_, ranking, rank) => {
    expect(facts(ranking).rank).toBe(rank);
  });

  it("takes the first of several gold passages, and grades of 0 for none", () => {
    const judgements = [
      ["second", 2],
      ["gold", 1],
      ["other", 0],
    ] as const;
    expect(facts("other far gold second", judgements).rank).toBe(3);
  });

  it.each([
    ["a near-duplicate above", "near gold", true],
    ["a near-duplicate below", "gold near", false],
    ["a passage less alike above", "far gold", false],
    ["a near-duplicate in the gold's place", "other near", true],
    ["an unknown passage above", "unknown gold", false],
  ])("says whether a near-duplicate beat the gold: %s", (_, ranking, expected) => {
    expect(facts(ranking).nearDuplicate).toBe(expected);
  });

  it("says where a text is missing that had to be compared, and only there", () => {
    expect(facts("unknown gold").textsMissing).toBe(true);
    expect(facts("gold unknown").textsMissing).toBe(false);
    expect(facts("other lost", [["lost", 1]]).textsMissing).toBe(true);
    expect(facts("lost other", [["lost", 1]]).textsMissing).toBe(false);
  });

  it("says whether the first hit was judged, by any grade", () => {
    expect(facts("other gold").unjudgedOnTop).toBe(true);
    expect(facts("gold other").unjudgedOnTop).toBe(false);
    const judged = [
      ["gold", 1],
      ["other", 0],
    ] as const;
    expect(facts("other gold", judged).unjudgedOnTop).toBe(false);
    expect(facts("").unjudgedOnTop).toBe(false);
  });

  it.each([
    ["no tie", "other=3 gold=2 far=1", [2, 2]],
    ["behind its equal", "other=3 near=2 gold=2 far=1", [2, 3]],
    ["before its equals", "gold=2 near=2 far=2", [1, 3]],
    ["equal as 32-bit floats", "other=1.00000001 gold=1", [1, 2]],
    ["equal to another gold only", "other=3 gold=2 second=2", [2, 2]],
    ["two gold among four equals", "other=2 gold=2 far=2 second=2", [1, 3]],
  ])("gives the ranks that equal scores allow: %s", (_, ranking, expected) => {
    const judgements = [
      ["gold", 1],
      ["second", 1],
    ] as const;
    expect(facts(ranking, judgements).tieRanks).toEqual(expected);
  });

  it("allows the ranks that trying every order of equal scores gives", () => {
    const scores = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(scores, fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), (given, gold) => {
        const ids = given.map((_, i) => `p${i}`);
        const settle = (names: readonly string[]) => {
          const score = new Map(ids.map((id, i) => [id, given[i]!]));
          return names.toSorted((a, b) => score.get(b)! - score.get(a)!).map((id): Hit => [id, score.get(id)!]);
        };
        const judgements = ids.flatMap((id, i): [string, number][] => (gold[i] ? [[id, 1]] : []));
        if (judgements.length === 0) return;
        const relevant = new Set(judgements.map(([id]) => id));
        const ranks = permutations(ids).map((names) => settle(names).findIndex(([id]) => relevant.has(id)) + 1);
        const ranking = settle(ids);
        const found = questionFacts({ text: "", judgements }, ranking, words);
        expect(found.tieRanks).toEqual([Math.min(...ranks), Math.max(...ranks)]);
        expect(rankIds(ranking)).toHaveLength(ids.length);
      }),
      { numRuns: 60 },
    );
  });

  it("takes the gold passage that has most of the question's words", () => {
    const judgements = [
      ["other", 1],
      ["gold", 1],
    ] as const;
    expect(facts("gold", judgements).overlap).toBe(2 / 3);
    expect(facts("gold", [["lost", 1]]).overlap).toBeUndefined();
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}
