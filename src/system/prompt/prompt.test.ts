import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { AnswerRequest } from "../../core/contracts.ts";
import { DataError } from "../../core/errors.ts";
import { requestOf } from "../testing/generator-conformance.ts";
import { DEFAULT_PROMPT } from "./default-prompt.ts";
import { compilePrompt } from "./prompt.ts";

const problemOf = (template: string) => {
  try {
    compilePrompt(template, "prompts/p.hbs");
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    return (error as DataError).problems[0]!;
  }
  return expect.unreachable("compiled");
};

describe("compilePrompt", () => {
  it("numbers the passages from 1, best first, and leaves text as it is", () => {
    const prompt = compilePrompt("{{#each passages}}[{{number}}] {{title}}: {{text}}\n{{/each}}Q: {{question}}", "p");
    const passages = [
      { id: "b", document: "d", title: "A & B", text: 'x < y "quoted"' },
      { id: "a", document: "d", text: "{{question}}" },
    ];
    expect(prompt(requestOf({ text: "Why?", passages }))).toBe(
      '[1] A & B: x < y "quoted"\n[2] : {{question}}\nQ: Why?',
    );
  });

  it("gives the history and the condition", () => {
    const prompt = compilePrompt("{{condition}}{{#each history}} {{role}}={{content}}{{/each}}", "p");
    const query = { id: "q", text: "And b?", history: [{ role: "user", content: "k1?" }] } as const;
    expect(prompt(requestOf({ query }))).toBe("rag@2 user=k1?");
  });

  it.each([
    ["a value it does not know", "Q: {{questoin}}", "{{questoin}}"],
    ["a value it does not know, of a passage", "{{#each passages}}{{body}}{{/each}}", "{{body}}"],
    ["a block that is not closed", "{{#each passages}}", "Parse error"],
    ["a partial", "{{> secrets}}", "secrets"],
    ["a helper it does not know", "{{shout question}}", "shout"],
  ])("refuses a template with %s", (_title, template, got) => {
    const problem = problemOf(template);
    expect(problem.code).toBe("E_PROMPT");
    expect(problem.where).toContain("prompts/p.hbs");
    expect(problem.got).toContain(got);
  });

  it("says on which line the template is broken", () => {
    expect(problemOf("one\ntwo\n{{#if}").where).toBe("prompts/p.hbs:3");
  });

  it("reaches no member of objects", () => {
    expect(problemOf("{{constructor.name}}").code).toBe("E_PROMPT");
    expect(problemOf("{{#each passages}}{{__proto__}}{{/each}}").code).toBe("E_PROMPT");
  });
});

describe("the prompts we give", () => {
  const example = new URL("../../../benchmarks/systems/prompts/answer.hbs", import.meta.url);

  it.each([
    ["built in", async () => DEFAULT_PROMPT],
    ["of the example", () => readFile(example, "utf8")],
  ])("%s: numbered passages with titles, the question, and words to decline in", async (_title, template) => {
    const prompt = compilePrompt(await template(), "p");
    const text = prompt(requestOf({ text: "What is k1?" }));
    expect(text).toContain('<passage number="1">\nScores\n');
    expect(text).toContain('<passage number="2">');
    expect(text).toContain("I do not know.");
    expect(text.endsWith("Question: What is k1?")).toBe(true);
    // The one closing tag in the hostile passage has become text.
    expect(text.match(/<\/passage>/g)).toHaveLength(2);
    expect(text).not.toMatch(/\n{3}/);
  });

  it.each([
    ["built in", async () => DEFAULT_PROMPT],
    ["of the example", () => readFile(example, "utf8")],
  ])("%s: without passages it asks from knowledge", async (_title, template) => {
    const request: AnswerRequest = requestOf({ passages: [], condition: "closed-book" });
    const text = compilePrompt(await template(), "p")(request);
    expect(text).not.toContain("passage");
    expect(text).toContain("I do not know.");
  });
});
