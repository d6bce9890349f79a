import { describe, expect, it } from "vitest";
import { redactor } from "./redact.ts";

describe("redactor", () => {
  it.each([
    ["a secret", "the key abcd1234 is wrong", "the key [redacted] is wrong"],
    ["every one", "abcd1234 abcd1234", "[redacted] [redacted]"],
    ["a secret inside a word", "xabcd1234y", "x[redacted]y"],
    ["its URL-encoded form", "p%40ss%2Fword", "[redacted]"],
    ["its JSON form", 'quo\\"te!', "[redacted]"],
  ])("takes out %s", (_title, text, expected) => {
    expect(redactor(["abcd1234", "p@ss/word", 'quo"te!'])(text)).toBe(expected);
  });

  it("takes the longer of two secrets first", () => {
    expect(redactor(["abcd", "abcd-efgh"])("abcd-efgh")).toBe("[redacted]");
  });

  it("passes over what is missing or too short to be a secret", () => {
    expect(redactor([undefined, "", "abc"])("abc undefined")).toBe("abc undefined");
  });

  it("takes patterns literally", () => {
    expect(redactor(["a.*b$&"])("a.*b$& axxb")).toBe("[redacted] axxb");
  });
});
