import type { Price } from "../../config/price-schema.ts";
import { costOf } from "../cost/cost-of.ts";

/** What one answer takes, on average. */
export interface Expected {
  readonly condition: string;
  /** Answers that are to be asked for. */
  readonly answers: number;
  readonly promptTokens: number;
  readonly answerTokens: number;
  /** From asking to answer, in milliseconds; only where an earlier run measured it. */
  readonly ms?: number | undefined;
}

/** Budgets of an endpoint, as its file states them. */
export interface Budgets {
  readonly rpm?: number | undefined;
  readonly tpm?: number | undefined;
  readonly rpd?: number | undefined;
  readonly tpd?: number | undefined;
}

export interface RunEstimate {
  readonly answers: number;
  readonly promptTokens: number;
  readonly answerTokens: number;
  /** US dollars; absent without a price, or per hour without a time. */
  readonly usd?: number;
  /** Milliseconds at the stated concurrency and budgets; absent where nothing says how long an answer takes. */
  readonly ms?: number;
  /** Milliseconds that the budgets alone ask for; 0 without budgets. */
  readonly budgetMs: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;

/** Adds up what a run takes: its tokens, and the cost and the time that follow. Nothing is taken from the cache. */
export function estimateRun(
  expected: readonly Expected[],
  { price, budgets, concurrency }: { price?: Price | undefined; budgets: Budgets; concurrency: number },
): RunEstimate {
  const total = (of: (one: Expected) => number): number =>
    expected.reduce((sum, one) => sum + one.answers * of(one), 0);
  const answers = total(() => 1);
  const promptTokens = Math.round(total((one) => one.promptTokens));
  const answerTokens = Math.round(total((one) => one.answerTokens));
  const needs = (amount: number, budget: number | undefined, ms: number) =>
    budget === undefined ? 0 : (amount / budget) * ms;
  const tokens = promptTokens + answerTokens;
  const budgetMs = Math.max(
    needs(answers, budgets.rpm, MINUTE_MS),
    needs(tokens, budgets.tpm, MINUTE_MS),
    needs(answers, budgets.rpd, DAY_MS),
    needs(tokens, budgets.tpd, DAY_MS),
  );
  const timed = expected.every(({ ms }) => ms !== undefined);
  const ms = timed ? Math.max(budgetMs, total((one) => one.ms!) / concurrency) : undefined;
  const usage = { promptTokens, completionTokens: answerTokens };
  const cost = costOf(price, { usage, machineMs: ms });
  return {
    answers,
    promptTokens,
    answerTokens,
    ...(cost && { usd: cost.usd }),
    ...(ms !== undefined && { ms }),
    budgetMs,
  };
}
