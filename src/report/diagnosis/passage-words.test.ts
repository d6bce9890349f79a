import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PassageWords } from "./passage-words.ts";

function words(texts: Readonly<Record<string, string>>): PassageWords {
  const made = new PassageWords();
  for (const [id, text] of Object.entries(texts)) made.add(id, text);
  return made;
}

describe("jaccard", () => {
  it.each([
    ["the same words in another order and number", "a b c", "c b a a", 1],
    ["two of four", "a b c", "b c d", 0.5],
    ["nothing in common", "a b", "c d", 0],
    ["stems, case and punctuation", "Ranking passages!", "ranked PASSAGE", 1],
    ["words of any script", "длина Рейна", "Длина рейна", 1],
    ["no words at all", "…", "—", 0],
    ["words against none", "a", "", 0],
  ])("of %s", (_, a, b, expected) => {
    expect(words({ a, b }).jaccard("a", "b")).toBe(expected);
  });

  it("is unknown where a text is, whatever the id is called", () => {
    const made = words({ a: "x" });
    expect(made.jaccard("a", "b")).toBeUndefined();
    expect(made.jaccard("__proto__", "a")).toBeUndefined();
    expect(made.has("constructor")).toBe(false);
  });

  it("is symmetric, within [0, 1], 1 with itself, and what sets of words say", () => {
    const text = fc.array(fc.constantFrom(..."abcdefgh"), { maxLength: 12 }).map((letters) => letters.join(" "));
    fc.assert(
      fc.property(text, text, (a, b) => {
        const made = words({ a, b, more: "h g z" });
        const [left, right] = [a, b].map((t) => new Set(t.split(" ").filter(Boolean)));
        const all = new Set([...left!, ...right!]).size;
        const shared = [...left!].filter((word) => right!.has(word)).length;
        expect(made.jaccard("a", "b")).toBe(all === 0 ? 0 : shared / all);
        expect(made.jaccard("b", "a")).toBe(made.jaccard("a", "b"));
        if (left!.size > 0) expect(made.jaccard("a", "a")).toBe(1);
      }),
    );
  });

  it("takes the first text of an id given twice", () => {
    const made = words({ a: "x y", b: "x y" });
    made.add("a", "other");
    expect(made.jaccard("a", "b")).toBe(1);
  });
});

describe("overlap", () => {
  it("is the share of the question's distinct words that the passage has", () => {
    const made = words({ p: "The limit of the device is nine units." });
    expect(made.overlap("limit limit limits: which device?", "p")).toBe(2 / 3);
    expect(made.overlap("nine units", "p")).toBe(1);
    expect(made.overlap("nothing here", "p")).toBe(0);
  });

  it("is unknown of a passage that is not there and of a question without words", () => {
    const made = words({ p: "x" });
    expect(made.overlap("x", "q")).toBeUndefined();
    expect(made.overlap("?!", "p")).toBeUndefined();
  });

  it("leaves out words of more than a fifth of the passages, once there are twenty", () => {
    const texts = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`p${i}`, `${i < 5 ? "often " : ""}${i < 4 ? "seldom " : ""}only${i}`]),
    );
    expect(words(texts).overlap("often seldom", "p4")).toBe(0);
    expect(words(texts).overlap("often seldom", "p0")).toBe(1);
    expect(words(texts).overlap("often only0 nowhere", "p0")).toBe(1 / 2);
    expect(words(texts).overlap("often", "p0")).toBeUndefined();
    const few = Object.fromEntries(Object.entries(texts).slice(0, 19));
    expect(words(few).overlap("often", "p0")).toBe(1);
  });
});
