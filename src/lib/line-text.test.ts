import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeLine, unescapeLine } from "./line-text.ts";

describe("escapeLine", () => {
  it.each([
    ["plain, 'quoted' \"text\"", "plain, 'quoted' \"text\""],
    ["two\nlines", "two\\nlines"],
    ["a\tb\r\n", "a\\tb\\r\\n"],
    ["C:\\new", "C:\\\\new"],
    ["\\alpha + \\\\x", "\\alpha + \\\\\\x"],
    ["ends with \\", "ends with \\"],
    ["\\\n", "\\\\\\n"],
    ["", ""],
  ])("writes %j as %j", (text, line) => {
    expect(escapeLine(text)).toBe(line);
    expect(unescapeLine(line)).toBe(text);
  });

  it("gives every text back, and no line break or tab in between", () => {
    const bits = fc.constantFrom("\\", "\n", "\r", "\t", "n", "r", "t", "x", "\\n");
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(bits).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(text, (t) => {
        expect(escapeLine(t)).not.toMatch(/[\n\r\t]/);
        expect(unescapeLine(escapeLine(t))).toBe(t);
      }),
    );
  });
});
