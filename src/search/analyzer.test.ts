import { describe, expect, it } from "vitest";
import { analyzer } from "./analyzer.ts";

const TEXT = "The retrievers are ranking the passages; ranking is ranking.";

describe("analyzer", () => {
  it("with neither stop words nor stemmer gives the words", () => {
    expect(analyzer({ stopWords: "none", stemmer: "none" })("The retrievers are here")).toEqual([
      "the",
      "retrievers",
      "are",
      "here",
    ]);
  });

  it("leaves out stop words before stemming", () => {
    expect(analyzer({ stopWords: "lucene", stemmer: "snowball-english" })(TEXT)).toEqual([
      "retriev",
      "rank",
      "passag",
      "rank",
      "rank",
    ]);
  });

  it("keeps a word whose stem only looks like a stop word", () => {
    expect(analyzer({ stopWords: "lucene", stemmer: "snowball-english" })("ins willing these")).toEqual(["in", "will"]);
  });

  it("treats names of object members as plain words", () => {
    expect(analyzer({ stopWords: "none", stemmer: "snowball-english" })("__proto__ constructor")).toEqual([
      "__proto__",
      "constructor",
    ]);
  });
});
