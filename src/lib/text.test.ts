import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fileNameOf, inert, printable, quoteValue, sliceCodePoints, truncate } from "./text.ts";

describe("printable", () => {
  it.each([
    ["terminal escape", "\u001b[31mred", "\\u001b[31mred"],
    ["right-to-left override", "a\u202eb", "a\\u202eb"],
    ["zero-width space", "a\u200bb", "a\\u200bb"],
    ["new line and tab", "a\nb\tc", "a b c"],
    ["carriage return", "a\rb", "a\\u000db"],
    ["eight-bit control", "\u009b31m", "\\u009b31m"],
    ["separator of lines", "a\u2028b\u2029c", "a\\u2028b\\u2029c"],
    ["letters of any script", "é 中 😀", "é 中 😀"],
  ])("shows a %s", (_name, text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it("leaves no control character in any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(printable(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });
});

describe("inert", () => {
  it("keeps lines, also those that end in CRLF, and shows a return that would overwrite one", () => {
    expect(inert("a\tb\r\nc\rd\n")).toBe("a\tb\r\nc\\u000dd\n");
  });
});

describe("truncate", () => {
  it.each([
    ["abc", 3, "abc"],
    ["abcd", 3, "ab…"],
    ["a😀b", 3, "a…"],
    ["abc", 1, "…"],
  ])("cuts %j to %i characters", (text, length, expected) => {
    expect(truncate(text, length)).toBe(expected);
  });

  it("is never longer than asked for and never splits a surrogate pair", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 20 }), (text, length) => {
        const cut = truncate(text, length);
        expect(cut.length).toBeLessThanOrEqual(length);
        expect(Buffer.from(cut).toString()).toBe(cut);
      }),
    );
  });
});

describe("quoteValue", () => {
  it.each<[unknown, string]>([
    [undefined, "nothing"],
    [null, "null"],
    ["a\u001bb", '"a\\u001bb"'],
    [["x", 1], '["x",1]'],
    [Number.NaN, "null"],
  ])("quotes %j", (value, expected) => {
    expect(quoteValue(value)).toBe(expected);
  });

  it("is at most 80 characters long", () => {
    expect(quoteValue("x".repeat(1000))).toHaveLength(80);
  });
});

describe("sliceCodePoints", () => {
  it("counts an emoji as one, as Python does", () => {
    expect(sliceCodePoints("a😀bc", 1, 3)).toBe("😀b");
    expect("a😀bc".slice(1, 3)).toBe("😀");
  });

  it("equals slicing the array of code points", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(20), fc.nat(20), (text, start, end) => {
        expect(sliceCodePoints(text, start, end)).toBe(Array.from(text).slice(start, end).join(""));
      }),
    );
  });
});

describe("fileNameOf", () => {
  it.each([
    ["q17", "q17"],
    ["", "%"],
    [".", "%2E"],
    ["..", "%2E."],
    ["../../x", "..%2F..%2Fx"],
    ["a b", "a%20b"],
    ["%2F", "%252F"],
    ["é", "%C3%A9"],
    ["__proto__", "__proto__"],
  ])("of %j is %j", (id, expected) => {
    expect(fileNameOf(id)).toBe(expected);
  });

  it("is a plain name, at most 200 bytes long, for any id", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (id) => {
        expect(fileNameOf(id)).toMatch(/^(?!\.+$)[A-Za-z0-9._%-]{1,200}$/);
      }),
    );
  });

  it("differs for ids that differ, long ones too", () => {
    const long = "x".repeat(400);
    expect(fileNameOf(`${long}a`)).not.toBe(fileNameOf(`${long}b`));
    expect(fileNameOf("")).not.toBe(fileNameOf("."));
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        if (a !== b) expect(fileNameOf(a)).not.toBe(fileNameOf(b));
      }),
    );
  });
});
