import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeFormula, unescapeFormula } from "./csv-formula.ts";

describe("escapeFormula", () => {
  it.each([
    ["=1+1", "'=1+1"],
    ["+49 30", "'+49 30"],
    ["-3", "'-3"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\t=1", "'\t=1"],
    ["\r\n=1", "'\r\n=1"],
    ["＝1", "'＝1"],
    ["'=1", "''=1"],
    ["'quoted'", "'quoted'"],
    ["a=1", "a=1"],
    [" =1", " =1"],
    ["", ""],
  ])("writes %j as %j and reads it back", (text, cell) => {
    expect(escapeFormula(text)).toBe(cell);
    expect(unescapeFormula(cell)).toBe(text);
  });

  it("gives every text back, and none that starts a formula", () => {
    const bits = fc.array(fc.constantFrom("'", "=", "+", "-", "@", "\t", "\r", "\n", "x", "＝"), { maxLength: 6 });
    fc.assert(
      fc.property(
        fc.oneof(
          bits.map((all) => all.join("")),
          fc.string({ unit: "binary" }),
        ),
        (text) => {
          expect(unescapeFormula(escapeFormula(text))).toBe(text);
          expect(escapeFormula(text)).not.toMatch(/^[=+\-@\t\r\n]/);
        },
      ),
    );
  });
});
