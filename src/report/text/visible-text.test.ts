import { describe, expect, it } from "vitest";
import { visibleText, visibleView } from "./visible-text.ts";

describe("visibleText", () => {
  it.each([
    ["a\u202eb\u202c", "a\\u202eb\\u202c"],
    ["\u2066x\u2069", "\\u2066x\\u2069"],
    ["\u001b[31m", "\\u001b[31m"],
    ["nul\u0000", "nul\\u0000"],
    ["\ufeffmark", "\\ufeffmark"],
  ])("shows %j as escapes", (text, expected) => {
    expect(visibleText(text)).toBe(expected);
  });

  it.each(["two\nlines\tand a tab", "👩\u200d🔬", "שלום\u200f (1)", "<b>&amp;"])("leaves %j as it is", (text) => {
    expect(visibleText(text)).toBe(text);
  });
});

it("visibleView reaches every text of a view and nothing else", () => {
  const view = { a: "x\u202e", list: [{ b: "\u0007" }, 3, true, null, undefined] };
  expect(visibleView(view)).toEqual({ a: "x\\u202e", list: [{ b: "\\u0007" }, 3, true, null, undefined] });
});
