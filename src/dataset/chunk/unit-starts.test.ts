import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ChunkUnit } from "./chunk-settings.ts";
import { tokenOffsetsByWord, unitStarts } from "./unit-starts.ts";

function units(text: string, unit: ChunkUnit): string[] {
  const starts = unitStarts(text, unit);
  return starts.map((start, i) => text.slice(start, starts[i + 1]));
}

describe("unitStarts", () => {
  it.each<[ChunkUnit, string, string[]]>([
    ["words", "Say  it\nagain", ["Say  ", "it\n", "again"]],
    ["words", "don't e-mail", ["don't ", "e-mail"]],
    ["words", "東京 is big", ["東", "京 ", "is ", "big"]],
    ["characters", "a😀é", ["a", "😀", "é"]],
    ["sentences", "One is here. Is two? Three!", ["One is here. ", "Is two? ", "Three!"]],
    ["sentences", "Heading\n\nText here.", ["Heading\n\n", "Text here."]],
    ["sentences", "It costs 3.50 today. Yes.", ["It costs 3.50 today. ", "Yes."]],
  ])("%s of %j", (unit, text, expected) => {
    expect(units(text, unit)).toEqual(expected);
  });

  it("counts characters as code points", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
        expect(unitStarts(text, "characters").length).toBe(Array.from(text).length);
      }),
      { numRuns: 50 },
    );
  });

  it("moves a token that starts inside a surrogate pair to the start of the character", () => {
    expect(unitStarts("a😀b", "tokens", () => [0, 1, 2, 3])).toEqual([0, 1, 1, 3]);
  });

  it.each([
    ["falls", [0, 3, 2]],
    ["leaves the text", [0, 9]],
    ["is negative", [-1]],
    ["is no whole number", [0.5]],
  ])("refuses a token offset that %s", (_name, offsets) => {
    expect(() => unitStarts("abcd", "tokens", () => offsets)).toThrow("tokenOffsets: expected offsets");
  });

  it("needs the offsets of tokens", () => {
    expect(() => unitStarts("a", "tokens")).toThrow("expected tokenOffsets, got nothing");
  });
});

describe("tokenOffsetsByWord", () => {
  const perLetter = tokenOffsetsByWord((word) => word.length);

  it("gives a word its tokens at its start", () => {
    expect(tokenOffsetsByWord((word) => Math.ceil(word.length / 2))("abc de")).toEqual([0, 0, 4]);
  });

  it("halves a word of many tokens, so that it can be cut", () => {
    const starts = perLetter("x".repeat(64));
    expect(starts.length).toBe(64);
    expect(new Set(starts)).toEqual(new Set([0, 8, 16, 24, 32, 40, 48, 56]));
  });

  it("never splits a surrogate pair", () => {
    const text = "😀".repeat(33);
    for (const start of perLetter(text)) expect(start % 2).toBe(0);
  });
});
