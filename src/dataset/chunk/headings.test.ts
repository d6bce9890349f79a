import { describe, expect, it } from "vitest";
import { headingsOf, titlesOf } from "./headings.ts";

describe("headingsOf", () => {
  it("finds the lines that open with hashes", () => {
    expect(headingsOf("# A\ntext\n## B ##\r\n   ### C #1\n")).toEqual([
      { offset: 0, level: 1, text: "A" },
      { offset: 9, level: 2, text: "B" },
      { offset: 18, level: 3, text: "C #1" },
    ]);
  });

  it.each([
    ["a tag", "#tag"],
    ["seven hashes", "####### x"],
    ["an empty heading", "## "],
    ["a comment in fenced code", "```sh\n# install\n```"],
    ["a comment in a longer fence", "~~~~\n~~~\n# x\n~~~~"],
    ["an indented line", "    # x"],
  ])("does not take %s for one", (_name, text) => {
    expect(headingsOf(text)).toEqual([]);
  });
});

describe("titlesOf", () => {
  const text = "# Page\nintro\n## One\na\n### Deep\nb\n## Two\nc";
  const at = (title: string | undefined, ...words: string[]) => {
    const titleAt = titlesOf(text, title);
    return words.map((word) => titleAt(text.indexOf(word)));
  };

  it("says the headings above a place", () => {
    expect(at(undefined, "intro", "## One", "\nb", "\nc")).toEqual([
      "Page",
      "Page > One",
      "Page > One > Deep",
      "Page > Two",
    ]);
  });

  it("says the document's title first, and once", () => {
    expect(at("Page", "intro", "## Two")).toEqual(["Page", "Page > Two"]);
    expect(at("Shop", "intro")).toEqual(["Shop > Page"]);
  });

  it("has no title where there is none", () => {
    expect(titlesOf("plain", undefined)(0)).toBeUndefined();
  });
});
