import { describe, expect, it } from "vitest";
import { checkWindow, type PromptTokens } from "./check-window.ts";

const window = { window: 1000, answer: 200, where: "systems/s.yaml:4 /generator/max_tokens" };
const rag = (mean: number, longest: number): PromptTokens => ({ condition: "rag@3", mean, longest, exact: false });
const oracle = (longest: number): PromptTokens => ({ condition: "oracle", mean: 10, longest, exact: true });
const codes = (prompts: PromptTokens[]) => {
  const { problems, warnings } = checkWindow(prompts, window);
  return [...problems, ...warnings].map(({ code }) => code);
};

describe("checkWindow", () => {
  it.each([
    ["all fits", rag(300, 600), []],
    ["the longest passages together may not fit", rag(300, 900), ["W_CONTEXT_WINDOW"]],
    ["a typical prompt does not fit", rag(900, 2000), ["E_CONTEXT_WINDOW"]],
    ["an estimate comes close to the window", rag(300, 760), ["W_CONTEXT_WINDOW"]],
    ["a prompt that will be sent does not fit", oracle(900), ["E_CONTEXT_WINDOW"]],
    ["one that will be sent comes close", oracle(820), ["W_CONTEXT_WINDOW"]],
    ["one that will be sent fits", oracle(700), []],
  ])("%s", (_, prompt, expected) => {
    expect(codes([prompt])).toEqual(expected);
  });

  it("tells every condition that does not fit, with tokens and what to do", () => {
    const { problems } = checkWindow([oracle(900), rag(300, 600), rag(2000, 3000)], window);
    expect(problems).toEqual([
      {
        code: "E_CONTEXT_WINDOW",
        where: window.where,
        expected: "prompts and answers of at most 1000 tokens together",
        got: "about 1100 under oracle: the longest prompt of about 900 and an answer of up to 200",
        fix: "lower max_tokens, or serve the model with a larger window",
      },
      expect.objectContaining({
        got: "about 2200 under rag@3: a typical prompt of about 2000 and an answer of up to 200",
        fix: "retrieve fewer or shorter passages, lower max_tokens, or serve the model with a larger window",
      }),
    ]);
  });
});
