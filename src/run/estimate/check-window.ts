import type { Problem } from "../../core/problem.ts";

/** The prompts of one condition in tokens. */
export interface PromptTokens {
  readonly condition: string;
  readonly mean: number;
  readonly longest: number;
  readonly exact: boolean;
}

/**
 * Whether prompts and answers fit the model's context window. Prompts that are rendered as they will be sent and do not fit
 * are a problem, and so is a typical one; a `rag@k` prompt of the k longest passages, which may never come together, is a
 * warning. Tokens are estimates: what is within 5 % of the window is told as a warning too.
 * @param window tokens that prompt and answer may have together @param answer tokens of an answer at most
 */
export function checkWindow(
  prompts: readonly PromptTokens[],
  { window, answer, where }: { readonly window: number; readonly answer: number; readonly where: string },
): { readonly problems: Problem[]; readonly warnings: Problem[] } {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  for (const { condition, mean, longest, exact } of prompts) {
    const sure = (exact ? longest : mean) + answer;
    const most = longest + answer;
    const [into, tokens, what] =
      sure > window * MARGIN
        ? [problems, sure, exact ? "the longest prompt" : "a typical prompt"]
        : most > window / MARGIN
          ? [warnings, most, exact ? "the longest prompt" : "a prompt of the longest passages"]
          : [];
    into?.push({
      code: into === problems ? "E_CONTEXT_WINDOW" : "W_CONTEXT_WINDOW",
      where,
      expected: `prompts and answers of at most ${window} tokens together`,
      got: `about ${tokens} under ${condition}: ${what} of about ${tokens! - answer} and an answer of up to ${answer}`,
      fix: condition.startsWith("rag@")
        ? "retrieve fewer or shorter passages, lower max_tokens, or serve the model with a larger window"
        : "lower max_tokens, or serve the model with a larger window",
    });
  }
  return { problems, warnings };
}

const MARGIN = 1.05;
