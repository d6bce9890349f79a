import { describe, expect, it } from "vitest";
import type { AnswerLine } from "../runlog/index.ts";
import { LimitWatch, type RunLimits } from "./run-limits.ts";

function watch(limits: RunLimits, before = { usd: 0, priced: 0 }) {
  let now = 0;
  const made = new LimitWatch(limits, { now: () => now, monotonic: () => now }, before);
  const answer = (usd?: number, source: "measured" | "cached" = "measured"): void => {
    const cost = usd === undefined ? {} : { cost: { usd } };
    made.add({ kind: "answer", query: "q1", ...cost, timing: { ms: 1, source } } as unknown as AnswerLine);
  };
  return {
    made,
    answer,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe("LimitWatch", () => {
  it("never stops a run without limits", () => {
    const { made, answer, pass } = watch({});
    answer(1e9);
    answer();
    pass(1e12);
    expect(made.reached(1000)).toBeUndefined();
  });

  it("stops when the time is over, and stays stopped", () => {
    const { made, pass } = watch({ maxTimeMs: 7_200_000 });
    pass(7_199_999);
    expect(made.reached(1)).toBeUndefined();
    pass(1);
    expect(made.reached(1)).toMatch(/--max-time/);
  });

  it("stops before the cost is passed: what is under way is counted with the mean", () => {
    const { made, answer } = watch({ maxUsd: 1 });
    for (let i = 0; i < 5; i += 1) answer(0.1);
    expect(made.reached(4)).toBeUndefined();
    expect(made.reached(5)).toMatch(/0\.50 USD of --max-cost 1/);
  });

  it("counts what an interrupted run cost before", () => {
    expect(watch({ maxUsd: 5 }, { usd: 5, priced: 100 }).made.reached(0)).toBeDefined();
  });

  it("refuses a limit on a cost that nobody knows; cached answers need none", () => {
    const { answer } = watch({ maxUsd: 1 });
    answer(undefined, "cached");
    expect(() => answer()).toThrow(expect.objectContaining({ code: "E_COST_UNKNOWN", exitCode: 2 }));
  });
});
