import { describe, expect, it } from "vitest";
import { checkText } from "./check-text.ts";

const fixes = (text: string) => [...checkText(text, () => "f:1 /text")].map((f) => f.fix.split(":")[0]);

describe("checkText", () => {
  it.each([
    ["the replacement character", "caf\ufffd", "convert the source again with its own encoding"],
    ["UTF-8 read as Latin-1", "cafÃ©", "decode the source as UTF-8"],
    ["a UTF-8 dash read as Windows-1252", "1990â€“1995", "decode the source as UTF-8"],
    ["a UTF-8 quote read as Windows-1252", "it\u00e2\u20ac\u2122s", "decode the source as UTF-8"],
    ["a UTF-8 quote read as Latin-1", "it\u00e2\u0080\u0099s", "decode the source as UTF-8"],
    ["a UTF-8 no-break space read as Latin-1", "10Â\u00a0000", "decode the source as UTF-8"],
    ["a NUL character", "a\u0000b", "remove them unless they are meant"],
    ["half of a surrogate pair", "a\ud83d", "write the text again"],
  ])("warns of %s", (_name, text, fix) => {
    expect(fixes(text)).toContain(fix);
  });

  it.each([
    "café, naïve, São Paulo, Ânimo, Ã, â",
    "1990–1995 “quoted” it’s 10 000",
    "中文 русский 😀 🏴‍☠️",
    "tab\tand\nline\r\n",
    "",
  ])("says nothing of %j", (text) => {
    expect(fixes(text)).toEqual([]);
  });

  it("quotes what stands around the sign", () => {
    const [finding] = checkText(`${"x".repeat(100)}cafÃ©${"y".repeat(100)}`, () => "f:1 /text");
    expect(finding).toEqual({
      severity: "warning",
      code: "W_DATASET_ENCODING",
      where: "f:1 /text",
      expected: "text decoded once",
      got: '"xxxxxxxxxxxxcafÃ©yyyyyyyyyyyyy"',
      fix: "decode the source as UTF-8: it was read as Latin-1 or Windows-1252",
    });
  });
});
