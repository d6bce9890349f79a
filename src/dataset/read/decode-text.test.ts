import { describe, expect, it } from "vitest";
import { decodeText } from "./decode-text.ts";

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part))));
const utf16 = (text: string) => Buffer.from(text, "utf16le");

describe("decodeText", () => {
  it.each<[string, Uint8Array, string, string, string]>([
    ["UTF-8 without a word", Buffer.from("é😀"), "", "é😀", "utf-8"],
    ["UTF-8 with a mark, which is no text", Buffer.from("\ufeffé"), "", "é", "utf-8"],
    ["UTF-16 with a mark", Buffer.concat([Buffer.from([0xff, 0xfe]), utf16("é😀")]), "", "é😀", "utf-16le"],
    [
      "UTF-16, the other way round",
      Buffer.concat([Buffer.from([0xfe, 0xff]), utf16("é").swap16()]),
      "",
      "é",
      "utf-16be",
    ],
    ["what the sender names", bytes([0xe9]), "text/html; charset=ISO-8859-1", "é", "windows-1252"],
    ["what the sender names in quotes", bytes([0xc4]), 'text/plain;charset="koi8-r"', "д", "koi8-r"],
    ["a mark before what the sender names", Buffer.from("\ufeffé"), "text/html; charset=latin1", "é", "utf-8"],
    [
      "what the page names",
      bytes('<meta charset="shift_jis">', [0x93, 0xfa]),
      "",
      '<meta charset="shift_jis">日',
      "shift_jis",
    ],
    [
      "what the page names in the old way",
      bytes('<meta http-equiv=x content="text/html; charset=windows-1251">', [0xe4]),
      "",
      '<meta http-equiv=x content="text/html; charset=windows-1251">д',
      "windows-1251",
    ],
    [
      "what XML names",
      bytes('<?xml version="1.0" encoding="iso-8859-2"?>', [0xb3]),
      "",
      '<?xml version="1.0" encoding="iso-8859-2"?>ł',
      "iso-8859-2",
    ],
    [
      "the sender before the page",
      bytes("<meta charset=koi8-r>", [0xe9]),
      "text/html; charset=latin1",
      "<meta charset=koi8-r>é",
      "windows-1252",
    ],
    ["UTF-8 where a name means nothing", Buffer.from("é"), "text/html; charset=klingon", "é", "utf-8"],
    [
      "Windows-1252 where the bytes are not UTF-8",
      bytes("caf", [0xe9], " ", [0x93], "x", [0x94]),
      "",
      "café “x”",
      "windows-1252",
    ],
    ["Windows-1252 where UTF-8 is claimed and is not", bytes([0xe9]), "text/html; charset=utf-8", "é", "windows-1252"],
    [
      "UTF-8 where a page says UTF-16 in single bytes",
      Buffer.from("<meta charset=utf-16>é"),
      "",
      "<meta charset=utf-16>é",
      "utf-8",
    ],
    ["nothing", new Uint8Array(), "", "", "utf-8"],
    ["every kind of line end as a line feed", Buffer.from("a\r\nb\rc\n"), "", "a\nb\nc\n", "utf-8"],
  ])("reads %s", (_name, input, contentType, text, encoding) => {
    expect(decodeText(input, contentType)).toEqual({ text, encoding });
  });

  it("does not look for a name far down the page", () => {
    const page = Buffer.concat([Buffer.from(`${" ".repeat(2000)}<meta charset=koi8-r>`), Buffer.from("é")]);
    expect(decodeText(page).encoding).toBe("utf-8");
  });
});
