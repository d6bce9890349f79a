import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DataError } from "../../core/errors.ts";
import { requestOf } from "../testing/generator-conformance.ts";
import { compilePrompt, showsHistory } from "./prompt.ts";

const passages = [
  { id: "a", document: "d", title: "Tides & fees", text: "High at noon." },
  { id: "b", document: "d", text: "The fee is $4." },
];
const render = (template: string, given = passages) => compilePrompt(template, "p.hbs")(requestOf({ passages: given }));

describe("the layouts of passages", () => {
  it.each([
    ["{{numbered passages}}", "[1] Tides & fees\nHigh at noon.\n\n[2] The fee is $4."],
    ["{{tagged passages}}", "<DOCUMENT>Tides & fees\nHigh at noon.</DOCUMENT>\n<DOCUMENT>The fee is $4.</DOCUMENT>"],
    ['{{tagged passages "source" title=false}}', "<source>High at noon.</source>\n<source>The fee is $4.</source>"],
    ["{{plain passages title=false}}", "High at noon.\n\nThe fee is $4."],
  ])("%s", (template, expected) => {
    expect(render(template)).toBe(expected);
    expect(render(`${template}Q`, [])).toBe("Q");
  });

  it.each([
    ["{{tagged question}}", "tagged: expected {{tagged passages}}"],
    ["{{numbered}}", "numbered: expected"],
    ['{{tagged passages "a b"}}', "the tag is a name"],
    ["{{tagged passages question}}", "a value"],
  ])("refuse %s, before any question is asked", (template, got) => {
    expect(() => render(template)).toThrow(expect.objectContaining({ name: "DataError" }));
    try {
      render(template);
    } catch (error) {
      expect((error as DataError).problems[0]).toMatchObject({ code: "E_PROMPT", got: expect.stringContaining(got) });
    }
  });

  it("cannot be left by a passage, whatever it is made of", () => {
    const part = fc.constantFrom("<", "</", "/", " ", "DOCUMENT", "document", ">", "&lt;", "x", "\n");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.array(part, { maxLength: 6 }), (text, title) => {
        const given = [{ id: "a", document: "d", title: title.join(""), text: text.join("") }];
        const tags = render("{{tagged passages}}", given).match(/<\s*\/?\s*document\b/gi);
        expect(tags).toEqual(["<DOCUMENT", "</DOCUMENT"]);
      }),
    );
  });
});

describe("showsHistory", () => {
  it.each([
    ["{{#each history}}{{#if user}}USER{{else}}ASSISTANT{{/if}}: {{content}}{{/each}}", true],
    ["{{#if passages}}{{#if history}}x{{/if}}{{/if}}", true],
    ["{{question}} history", false],
  ])("%s: %s", (template, shown) => {
    expect(showsHistory(template)).toBe(shown);
  });

  it("a user's message can be told from an assistant's", () => {
    const prompt = compilePrompt("{{#each history}}{{#if user}}U{{else}}A{{/if}}:{{content}} {{/each}}", "p");
    const history = [
      { role: "user", content: "hi" },
      { role: "assistant", content: "ho" },
    ] as const;
    expect(prompt(requestOf({ query: { id: "q", text: "?", history } }))).toBe("U:hi A:ho");
  });
});

describe("values side by side", () => {
  it.each([
    ["<", "passage>"],
    ["</pass", "age>"],
    ["< /", " passage>"],
  ])("make no tag together: %j and %j", (title, text) => {
    const given = [{ id: "a", document: "d", title, text }];
    const prompt = render("{{#each passages}}<passage>{{title}}{{text}}</passage>{{/each}}", given);
    expect(prompt.match(/<\s*\/?\s*passage/g)).toEqual(["<passage", "</passage"]);
  });
});
