import { describe, expect, it } from "vitest";
import { nearest } from "./nearest.ts";

describe("nearest", () => {
  it.each([
    ["answer", ["answers", "tags"], "answers"],
    ["ndcg@10", ["R@10", "nDCG@10"], "nDCG@10"],
    ["answerabel", ["answers", "answerable"], "answerable"],
    ["zzzz", ["answers", "tags"], undefined],
    ["x", [], undefined],
  ])("to %j among %j is %j", (name, candidates, expected) => {
    expect(nearest(name, candidates)).toBe(expected);
  });

  it("takes the first of equally near candidates", () => {
    expect(nearest("ab", ["ac", "ad"])).toBe("ac");
  });
});
