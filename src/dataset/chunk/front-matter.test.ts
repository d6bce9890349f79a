import { describe, expect, it } from "vitest";
import { frontMatterOf } from "./front-matter.ts";

describe("frontMatterOf", () => {
  it.each<[string, string, string, string | undefined]>([
    ["title", "---\ntitle: Returns\n---\nText", "Text", "Returns"],
    ["description where there is no title", "---\ndescription: How to return\n---\nText", "Text", "How to return"],
    ["title before description", "---\ndescription: D\ntitle: T\n---\nText", "Text", "T"],
    ["carriage returns", "---\r\ntitle: T\r\n---\r\nText", "Text", "T"],
    ["a byte-order mark", "\ufeff---\ntitle: T\n---\nText", "Text", "T"],
    ["no title", "---\ndate: 2024-01-01\n---\nText", "Text", undefined],
    ["a title that is no text", "---\ntitle: [a]\n---\nText", "Text", undefined],
    ["a page of front matter alone", "---\ntitle: T\n---", "", "T"],
  ])("knows front matter: %s", (_name, page, text, title) => {
    const front = frontMatterOf(page);
    expect(page.slice(front.end)).toBe(text);
    expect(front.title).toBe(title);
  });

  it.each([
    ["none", "Text"],
    ["two rules around text", "---\nJust a sentence.\n---\nText"],
    ["a rule that is never closed", "---\ntitle: T\nText"],
    ["front matter further down", "Text\n---\ntitle: T\n---\n"],
    ["a list", "---\n- a\n---\nText"],
    ["YAML that is wrong", "---\na: [\n---\nText"],
    ["an empty one", "---\n---\nText"],
  ])("keeps the text of a page with %s", (_name, page) => {
    expect(frontMatterOf(page)).toEqual({ end: 0 });
  });

  it("does not blow up on aliases of aliases", () => {
    const lines = ["a0: &a0 [x, x]"];
    for (let i = 1; i < 30; i += 1) lines.push(`a${i}: &a${i} [*a${i - 1}, *a${i - 1}]`);
    expect(frontMatterOf(`---\n${lines.join("\n")}\n---\nText`)).toEqual({ end: 0 });
  });
});
