import { printable } from "../../lib/text.ts";
import { formatUsd } from "../../report/cost/cost-text.ts";
import { formatCount } from "../../report/text/format-number.ts";
import type { EarlierAnswers } from "../../run/estimate/earlier-answers.ts";
import type { RunEstimate } from "../../run/estimate/estimate-run.ts";
import type { Plan } from "../../run/index.ts";
import { formatSpan } from "../terminal/format-span.ts";
import { textTable } from "../terminal/text-table.ts";
import type { LookAhead } from "./look-ahead.ts";

/** A row per condition: answers to ask for, and the tokens of prompts and answers. */
export function promptTable(
  { prompts }: LookAhead,
  earlier: ReadonlyMap<string, EarlierAnswers>,
  open: ReadonlyMap<string, number>,
  maxTokens: number,
): string {
  const rows = prompts.map(({ condition, mean, longest, exact }) => {
    const { promptTokens, answerTokens } = earlier.get(condition) ?? {};
    return [
      condition,
      formatCount(open.get(condition) ?? 0),
      promptTokens === undefined ? `about ${formatCount(mean)}` : `${formatCount(Math.round(promptTokens))} counted`,
      `${exact ? "about" : "at most about"} ${formatCount(longest)}`,
      answerTokens === undefined
        ? `at most ${formatCount(maxTokens)}`
        : `${formatCount(Math.round(answerTokens))} counted, at most ${formatCount(maxTokens)}`,
    ];
  });
  return textTable(["context", "answers", "prompt tokens", "longest prompt", "answer tokens"], rows).replace(
    /^/gm,
    "  ",
  );
}

/** The context window with who says so. */
export function windowText({ window }: LookAhead): string {
  if (window === undefined) return "unknown: the server does not list it; context_window in the system file says it";
  return `${formatCount(window.tokens)} tokens, from ${window.from}`;
}

/** Tokens, cost and time of the whole. @param counted whether an earlier run counted the tokens of answers */
export function totals(estimate: RunEstimate, { price }: Plan, concurrency: number, counted: boolean): string[] {
  const { promptTokens, answerTokens, usd, ms, budgetMs } = estimate;
  const bound = counted ? "about" : "at most about";
  const budgets = budgetMs > 0 ? `; the budgets alone ask for ${formatSpan(budgetMs)}` : "";
  return [
    `  tokens: about ${formatCount(promptTokens)} of prompts, ${bound} ${formatCount(answerTokens)} of answers`,
    `  cost: ${costText(usd, bound, price)}`,
    `  time: ${ms === undefined ? "unknown: run a pilot with --limit 4 first" : `about ${formatSpan(ms)} at ${concurrency} at once`}${budgets}`,
  ];
}

/** What it costs, with whose prices; or what is missing to say so. */
export function costText(usd: number | undefined, bound: string, price: Plan["price"]): string {
  if (price === undefined) return "unknown: no price is named for the model, in prices.yaml or as price: of the system";
  const priced = `(prices of ${price.on} in ${printable(price.file)})`;
  return usd === undefined ? `unknown until a pilot is timed ${priced}` : `${bound} ${formatUsd(usd)} ${priced}`;
}

/** What the estimates rest on. */
export function basis({ how, prompts }: LookAhead, earlier: ReadonlyMap<string, EarlierAnswers>): string[] {
  const runs = new Set(Array.from(earlier.values(), ({ run, answers }) => `${run} (${answers} answers)`));
  return [
    `  Tokens are estimates: ${how}.`,
    ...(prompts.every(({ exact }) => exact)
      ? []
      : [
          "  Nothing was retrieved: rag prompts have the mean passage of the corpus k times, the longest its k longest.",
        ]),
    ...(runs.size === 0 ? [] : [`  Counted and timed: ${Array.from(runs, printable).join(", ")}.`]),
    "  Answers that the cache holds will cost and take nothing; they are not taken off.",
  ];
}
