import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sentencesOf } from "./sentences.ts";

const texts = (passage: string): string[] => sentencesOf(passage).map(({ text }) => text);

describe("sentencesOf", () => {
  it.each<[string, string, string[]]>([
    ["at full stops, question and exclamation marks", "One. Two? Three! Four", ["One.", "Two?", "Three!", "Four"]],
    [
      "after a quotation mark or bracket",
      'He said "no." Then (yes!) It is.',
      ['He said "no."', "Then (yes!)", "It is."],
    ],
    ["before a number, a quotation or code", 'A b. 12 c. "D" e. `f` g.', ["A b.", "12 c.", '"D" e.', "`f` g."]],
    ["not inside a number", "It is 3.14 and v1.2.3 here. Done.", ["It is 3.14 and v1.2.3 here.", "Done."]],
    ["not at a title", "Dr. Smith met Mrs. Jones. They left.", ["Dr. Smith met Mrs. Jones.", "They left."]],
    [
      "not at an initial",
      "J. R. Smith wrote it. So I said I. Then more.",
      ["J. R. Smith wrote it.", "So I said I.", "Then more."],
    ],
    [
      "not at e.g., i.e., cf., Fig. and No.",
      "See e.g. Fig. 2, i.e. No. 3. End.",
      ["See e.g. Fig. 2, i.e. No. 3.", "End."],
    ],
    [
      "at a word that is an abbreviation elsewhere",
      "It is no. The cat sat. Hits by k. End.",
      ["It is no.", "The cat sat.", "Hits by k.", "End."],
    ],
    ["not at a country's letters", "The U.S. Army came. It left.", ["The U.S. Army came.", "It left."]],
    ["not where the next word is low", "It takes approx. two. then more", ["It takes approx. two. then more"]],
    ["not inside an address", "See www.faire.com/showroom. Then go.", ["See www.faire.com/showroom.", "Then go."]],
    ["keeping an ellipsis whole", "Well… Perhaps... No.", ["Well…", "Perhaps...", "No."]],
    ["giving nothing for nothing", " \n\n … \n", []],
  ])("splits %s", (_title, passage, expected) => {
    expect(texts(passage)).toEqual(expected);
  });

  it("takes each item of a list by itself", () => {
    expect(texts("Choose:\n- first thing\n- second. More of it.\n  1. numbered\n  2) other\n• bullet")).toEqual([
      "Choose:",
      "first thing",
      "second.",
      "More of it.",
      "numbered",
      "other",
      "bullet",
    ]);
  });

  it("joins wrapped prose and the lines of a list item that go on", () => {
    const wrapped =
      "This line is wrapped because it was longer than the editor allows, and Berlin\nBrandenburg goes on here. Next one is\nshort.";
    expect(texts(wrapped)).toEqual([
      "This line is wrapped because it was longer than the editor allows, and Berlin Brandenburg goes on here.",
      "Next one is short.",
    ]);
    expect(texts("- an item that\n  goes on\n- another")).toEqual(["an item that goes on", "another"]);
  });

  it("does not join lines that were never wrapped", () => {
    expect(texts("How do I shop?\nHead to the page\nUse the filter")).toEqual([
      "How do I shop?",
      "Head to the page",
      "Use the filter",
    ]);
  });

  it("knows headings, and the heading that stands above a sentence", () => {
    const sentences = sentencesOf("Before.\n# One\nText of one.\n## Two\n\nText of two. More.");
    expect(sentences.map(({ kind, heading, text }) => [kind, heading, text])).toEqual([
      ["prose", "", "Before."],
      ["heading", "One", "# One"],
      ["prose", "One", "Text of one."],
      ["heading", "Two", "## Two"],
      ["prose", "Two", "Text of two."],
      ["prose", "Two", "More."],
    ]);
  });

  it("keeps a block of code together, closed or not", () => {
    expect(sentencesOf("Run:\n```sh\nbench run. Now.\nbench gate\n```\nDone.").map(({ kind }) => kind)).toEqual([
      "prose",
      "code",
      "prose",
    ]);
    expect(sentencesOf("```\na. B. C").map(({ kind }) => kind)).toEqual(["code"]);
  });

  it("takes each row of a table by itself", () => {
    expect(texts("| a | b |\n| --- | --- |\n| 1 | 2 |\nAfter.")).toEqual(["| a | b |", "| 1 | 2 |", "After."]);
  });

  it("every sentence starts where it says and nothing with letters is lost", () => {
    const piece = fc.constantFrom(
      "Word",
      "word",
      "x12",
      "Dr.",
      ".",
      "? ",
      "! ",
      "\n",
      "\n\n",
      " ",
      "- ",
      "# ",
      "```\n",
      "| x |",
      "e.g.",
      "é",
      "“",
      "”",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const passage = pieces.join("");
        const sentences = sentencesOf(passage);
        const letters = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, "");
        expect(letters(sentences.map(({ text }) => text).join(""))).toBe(letters(passage));
        let last = -1;
        for (const { text, start } of sentences) {
          expect(start).toBeGreaterThan(last);
          expect(passage.startsWith(text.slice(0, 1), start)).toBe(true);
          last = start;
        }
      }),
    );
  });

  it("takes passages made to be slow", () => {
    for (const unit of ["a. ", "((((", ".x", "....x".repeat(2), '."', "A.", "\n", "| ", "e.g. ", "# ", "…", " "])
      expect(sentencesOf(`a${unit.repeat(50_000)}b`).length).toBeGreaterThan(0);
    expect(sentencesOf("\n".repeat(500_000))).toEqual([]);
  });
});
