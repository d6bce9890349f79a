import { describe, expect, it } from "vitest";
import { words } from "./words.ts";

describe("words", () => {
  it.each([
    [
      "lower-cases and splits on everything that is no letter, digit or underscore",
      "The quick-brown FOX_2!",
      ["the", "quick", "brown", "fox_2"],
    ],
    ["drops words of one character", "a b cd e", ["cd"]],
    ["keeps numbers of two digits and more", "7 42 3.14", ["42", "14"]],
    ["keeps letters of any script", "Größe naïve 東京 δοκιμή", ["größe", "naïve", "東京", "δοκιμή"]],
    ["splits at combining marks, as Python's \\w does", "e\u0301te\u0301", ["te"]],
    ["counts a character outside the basic plane once", "𝒜 𝒜𝒷", ["𝒜𝒷"]],
    ["reads superscripts and fractions as numbers", "x² ½¾", ["x²", "½¾"]],
    ["lower-cases a dotted capital I as Python does", "İİ", []],
    ["ends with the text", "tail word", ["tail", "word"]],
    ["finds nothing in an empty text", "", []],
    ["finds nothing in punctuation", "... -- \u0000 \u001b[31m", ["31m"]],
    ["survives a lone surrogate", "ab\ud800cd \udc00ef", ["ab", "cd", "ef"]],
  ])("%s", (_title, text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  it("equals the regular expression it stands for on every character of the basic plane", () => {
    const pattern = /[\p{L}\p{N}_]{2,}/gu;
    for (let unit = 0; unit < 0x10000; unit += 1) {
      if (unit >= 0xd800 && unit <= 0xdfff) continue;
      const text = `x${String.fromCharCode(unit)}y zz${String.fromCharCode(unit)}`;
      const expected = text.toLowerCase().match(pattern) ?? [];
      if (words(text).join(" ") !== expected.join(" ")) expect(words(text)).toEqual(expected);
    }
  });
});
