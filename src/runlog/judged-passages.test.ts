import { describe, expect, it } from "vitest";
import { judgedPassages } from "./judged-passages.ts";

describe("judgedPassages", () => {
  const documents = [
    ["A", 2, ["a1", "a2"]],
    ["Gone", 1, []],
    ["B", 0, ["b1"]],
  ] as const;

  it("are those that are judged, whatever documents are", () => {
    expect(judgedPassages({ judgements: [["p", 1]], documents })).toEqual([["p", 1]]);
  });

  it("are all of the judged documents where no passage is judged", () => {
    expect(judgedPassages({ judgements: [], documents })).toEqual([
      ["a1", 2],
      ["a2", 2],
      ["b1", 0],
    ]);
    expect(judgedPassages({ judgements: [] })).toEqual([]);
  });
});
