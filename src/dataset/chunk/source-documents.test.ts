import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chunkDocument } from "./chunk-document.ts";
import { placeOf } from "./gold-spans.ts";
import { joinPassages } from "./source-documents.ts";

describe("joinPassages", () => {
  it.each([
    ["with an empty line between where places are unknown", [{ text: "a" }, { text: "b", start: 0, end: 1 }], "a\n\nb"],
    [
      "in the order of their places",
      [
        { text: "cd", start: 2, end: 4 },
        { text: "ab", start: 0, end: 2 },
      ],
      "abcd",
    ],
    [
      "saying once what they share",
      [
        { text: "a😀b", start: 0, end: 3 },
        { text: "😀bc", start: 1, end: 4 },
      ],
      "a😀bc",
    ],
    [
      "with line feeds for what none of them holds",
      [
        { text: "a", start: 1, end: 2 },
        { text: "b", start: 4, end: 5 },
      ],
      "\na\n\nb",
    ],
    [
      "without one that another holds",
      [
        { text: "abc", start: 0, end: 3 },
        { text: "b", start: 1, end: 2 },
      ],
      "abc",
    ],
  ])("joins %s", (_name, passages, text) => {
    expect(joinPassages(passages)).toBe(text);
  });

  it("undoes cutting", () => {
    const page = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }).filter((text) => text.trim() === text);
    fc.assert(
      fc.property(page, fc.nat(4), (text, overlap) => {
        const chunks = chunkDocument({ id: "d", text }, { unit: "characters", size: 5, overlap, separators: [] });
        const blank = (t: string) => t.replace(/\s/g, " ");
        expect(blank(joinPassages(chunks))).toBe(blank(text));
      }),
    );
  });
});

describe("placeOf", () => {
  it.each([
    ["where it says it is", { text: "b", start: 2, end: 3 }, { start: 2, end: 3 }],
    ["the first place where it says a wrong one", { text: "b", start: 0, end: 1 }, { start: 1, end: 2 }],
    ["the first place where it says none", { text: "b" }, { start: 1, end: 2 }],
    ["without white space around it", { text: "\n😀 " }, { start: 4, end: 5 }],
    ["nowhere", { text: "B" }, undefined],
    ["nowhere when it is blank", { text: " " }, undefined],
  ])("finds a passage %s", (_name, passage, place) => {
    expect(placeOf(passage, "abb 😀c")).toEqual(place);
  });
});
