import { describe, expect, it } from "vitest";
import { foundCount, gradesOf, hasRelevant, relevantCount } from "./grades.ts";

const judged = new Map([
  ["a", 2],
  ["b", 0],
  ["c", -1],
  ["d", 1],
]);

describe("gradesOf", () => {
  it.each([
    ["grades in rank order, undefined for unjudged hits", "xab", undefined, [undefined, 2, 0]],
    ["no more than the depth", "abcd", 2, [2, 0]],
    ["a depth beyond the ranking", "ab", 9, [2, 0]],
    ["a repeated id counts once and does not use up the depth", "aaab", 2, [2, 0]],
    ["an unjudged copy is a copy too", "xxa", 2, [undefined, 2]],
    ["nothing retrieved", "", 5, []],
  ])("%s", (_why, ranked, depth, expected) => {
    expect(gradesOf(Array.from(ranked), judged, depth)).toEqual(expected);
  });
});

describe("counting relevant passages", () => {
  it.each([
    [1, 2, true],
    [2, 1, true],
    [3, 0, false],
    [0, 3, true],
  ])("at grade %i or more: %i of the judged", (rel, count, any) => {
    expect(relevantCount(judged, rel)).toBe(count);
    expect(hasRelevant(judged, rel)).toBe(any);
    expect(foundCount(Array.from(judged.values()), rel)).toBe(count);
  });

  it("does not count unjudged hits", () => expect(foundCount([undefined, 1, undefined], 0)).toBe(1));
});
