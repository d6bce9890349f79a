import { describe, expect, it } from "vitest";
import { cutLevels, NO_CUT } from "./cut-levels.ts";
import { unitStarts } from "./unit-starts.ts";

/** The text with `|0`, `|1` … before the units where separator 0, 1 … allows a cut. */
function marked(text: string, separators: readonly string[], starts = unitStarts(text, "words")): string {
  const levels = cutLevels(text, starts, separators);
  return starts
    .map((start, i) => (levels[i]! < separators.length ? `|${levels[i]}` : "") + text.slice(start, starts[i + 1]))
    .join("");
}

describe("cutLevels", () => {
  it.each<[string, string, string[], string]>([
    ["an empty line", "a b\n\nc d", ["\n\n", "\n"], "a b\n\n|0c d"],
    ["the coarsest separator of a place", "a\n\nb\nc", ["\n\n", "\n"], "a\n\n|0b\n|1c"],
    ["a heading: the cut stands before it", "a\n\n# T\nb", ["\n# ", "\n"], "a\n\n|0# T\nb"],
    ["no cut between a heading and its text", "a\n\n## T U\n\nb\nc", ["\n\n", "\n"], "a\n\n|0## T U\n\nb\n|1c"],
    ["the end of a sentence: the cut stands after it", "a. b c.", [". "], "a. |0b c."],
    ["a rule of dashes", "a\n----------\nb", ["----------"], "a\n----------\n|0b"],
    ["both kinds of line ends", "a\r\n\r\nb\r\nc", ["\n\n", "\n"], "a\r\n\r\n|0b\r\n|1c"],
    ["no cut inside a word", "a.b c", ["."], "a.b c"],
    ["a separator that means something in patterns", "a (b) c", ["(b)"], "a (b) |0c"],
  ])("finds %s", (_name, text, separators, expected) => {
    expect(marked(text, separators)).toBe(expected);
  });

  it("puts white space before the cut, whatever the unit", () => {
    expect(marked("a   b", [" "], unitStarts("a   b", "characters"))).toBe("a   |0b");
  });

  it("cuts before the space where a token begins with it", () => {
    expect(marked("one two", [" "], [0, 3])).toBe("one|0 two");
  });

  it("allows no cut between two tokens of one character", () => {
    expect([...cutLevels("a😀b", [0, 1, 1, 3], [])]).toEqual([0, 0, NO_CUT, 0]);
  });
});
