import { describe, expect, it } from "vitest";
import { formatOf, parseDocument } from "./parse-document.ts";
import { tinyPdf } from "./testing/tiny-pdf.ts";

describe("formatOf", () => {
  it.each([
    ["a.md", undefined, "markdown"],
    ["A.HTML", undefined, "html"],
    ["https://x/a.pdf?download=1", undefined, "pdf"],
    ["https://x/a", "text/html; charset=utf-8", "html"],
    ["https://x/a.pdf", "text/html", "html"],
    ["https://x/readme.md", "text/plain", "markdown"],
    ["https://x/a.pdf", "application/octet-stream", "pdf"],
    ["https://x/a.html", "image/png", undefined],
    ["https://x.com", undefined, undefined],
    ["a.docx", undefined, undefined],
    ["Makefile", undefined, undefined],
  ])("%s sent as %s is %s", (name, contentType, format) => {
    expect(formatOf({ name, ...(contentType === undefined ? {} : { contentType }) })).toBe(format);
  });
});

describe("parseDocument", () => {
  const parse = (content: string | Uint8Array, name: string) => parseDocument(Buffer.from(content), { name });

  it("keeps Markdown as it is, and takes its title from the front matter or the first heading", async () => {
    const page = "---\ntitle: Returns\n---\n# Other\n";
    expect(await parse(page, "a.md")).toEqual({ format: "markdown", title: "Returns", text: page });
    expect(await parse("## B\n# A\nx", "a.md")).toMatchObject({ title: "A" });
    expect(await parse("x", "a.md")).toEqual({ format: "markdown", text: "x" });
  });

  it("reads text, HTML and PDF", async () => {
    expect(await parse("# no title", "a.txt")).toEqual({ format: "text", text: "# no title" });
    expect(await parse("<title>T</title><p>x", "a.htm")).toEqual({ format: "html", title: "T", text: "x" });
    expect(await parse(tinyPdf([["x"]], { title: "T" }), "a.pdf")).toEqual({ format: "pdf", title: "T", text: "x" });
  });

  it.each([
    ["another format", "x", "a.docx", "E_READ_FORMAT", "another ending"],
    ["an empty file", " \n", "a.txt", "E_READ_EMPTY", "none"],
    ["a page that scripts fill", "<div id=root></div>", "a.html", "E_READ_EMPTY", "none"],
    ["a scanned PDF", tinyPdf([[]]), "a.pdf", "E_READ_EMPTY", "none"],
    ["a broken PDF", "%PDF-1.4 x", "a.pdf", "E_READ_BROKEN", "Invalid PDF structure."],
    ["bytes that are no text", "a\0b", "a.txt", "E_READ_BROKEN", "bytes that are no text (NUL)"],
    [
      "endless depth",
      "<div>".repeat(5000),
      "a.html",
      "E_READ_BROKEN",
      "elements stand more than 1000 deep in each other",
    ],
  ])("says what is wrong with %s", async (_name, content, name, code, got) => {
    expect(await parse(content, name)).toMatchObject({ code, where: name, got });
  });
});
