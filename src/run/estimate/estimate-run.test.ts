import { describe, expect, it } from "vitest";
import { type Expected, estimateRun } from "./estimate-run.ts";

const MINUTE = 60_000;
const one: Expected = { condition: "rag@3", answers: 100, promptTokens: 1000, answerTokens: 50, ms: 400 };
const price = { on: "2026-05-31", input: 2, output: 10 };
const options = { price, budgets: {}, concurrency: 4 };

describe("estimateRun", () => {
  it("adds up tokens, cost and time", () => {
    const estimate = estimateRun([one, { ...one, condition: "closed-book", promptTokens: 100 }], options);
    expect(estimate).toEqual({
      answers: 200,
      promptTokens: 110_000,
      answerTokens: 10_000,
      usd: expect.closeTo(0.22 + 0.1, 12),
      ms: 20_000,
      budgetMs: 0,
    });
  });

  it.each([
    ["requests a minute", { rpm: 10 }, 10 * MINUTE],
    ["tokens a minute, of prompts and answers", { tpm: 10_500 }, 10 * MINUTE],
    ["requests a day", { rpd: 50 }, 2 * 1440 * MINUTE],
    ["tokens a day", { tpd: 210_000 }, 720 * MINUTE],
    ["whichever is the tightest", { rpm: 100, tpm: 10_500 }, 10 * MINUTE],
  ])("takes as long as the budget of %s asks for", (_, budgets, ms) => {
    expect(estimateRun([one], { ...options, budgets })).toMatchObject({ ms, budgetMs: ms });
  });

  it("is as long as the answers take where the budget is wide", () => {
    expect(estimateRun([one], { ...options, budgets: { rpm: 100_000 } }).ms).toBe(10_000);
  });

  it("knows no time where one condition was never timed, and no cost by the hour then", () => {
    const estimate = estimateRun([one, { ...one, ms: undefined }], { ...options, budgets: { rpm: 10 } });
    expect(estimate.ms).toBeUndefined();
    expect(estimate.budgetMs).toBe(20 * MINUTE);
    expect(estimate.usd).toBeDefined();
    const hourly = { on: "2026-05-31", per_hour: 3.6 };
    expect(estimateRun([{ ...one, ms: undefined }], { ...options, price: hourly }).usd).toBeUndefined();
    expect(estimateRun([one], { ...options, price: hourly }).usd).toBeCloseTo(0.01, 12);
  });

  it("knows no cost without a price, and takes nothing for nothing", () => {
    expect(estimateRun([one], { ...options, price: undefined }).usd).toBeUndefined();
    expect(estimateRun([{ ...one, answers: 0 }], options)).toMatchObject({ answers: 0, usd: 0, ms: 0 });
  });
});
