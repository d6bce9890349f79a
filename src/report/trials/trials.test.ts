import { describe, expect, it } from "vitest";
import { readScores } from "../../runlog/index.ts";
import { estimateSample } from "../cells/estimate-cell.ts";
import { metricHead } from "../metric-head.ts";
import { formatSummary } from "../summary/summary-format.ts";
import { summarise } from "../summary.ts";
import { answeredRun } from "../testing/answered-run.ts";
import { spreadView } from "./spread-view.ts";
import { trialSpreads } from "./trial-spread.ts";

const run = async (questions: readonly string[], trials: number) =>
  answeredRun(Object.fromEntries(questions.map((became, i) => [`q${i}`, { "rag@1": became }])), ["rag@1"], trials);

describe("trialSpreads", () => {
  it("says that questions limit the interval where every trial says the same", async () => {
    const dir = await run(["1", "0", "1", "0", "1", "1"], 5);
    const [spread] = trialSpreads(await readScores(dir), 0.95);
    expect(spread).toMatchObject({ questions: 6, trials: 5, betweenTrials: 0, trialShare: 0, limitedBy: "questions" });
    const { now, twiceTheTrials, twiceTheQuestions } = spread!.standardError;
    expect(twiceTheTrials).toBe(now);
    expect(twiceTheQuestions).toBeCloseTo(now / Math.SQRT2, 12);
  });

  it("says that trials limit it where the questions are alike", async () => {
    const dir = await run(["1/0", "0/1", "1/0", "0/1"], 2);
    const [spread] = trialSpreads(await readScores(dir), 0.95);
    expect(spread).toMatchObject({ trialShare: 1, limitedBy: "trials", betweenQuestions: 0 });
    expect(spread!.standardError.endlessTrials).toBe(0);
  });

  it("floors of failed trials count, as in the mean; a metric without spread is limited by nothing", async () => {
    const [spread] = trialSpreads(await readScores(await run(["1/failed", "1/1"], 2)), 0.95);
    expect(spread!.betweenTrials ** 2).toBeCloseTo(0.25, 12);
    const [still] = trialSpreads(await readScores(await run(["1/1", "1/1"], 2)), 0.95);
    expect(still).toMatchObject({ limitedBy: "nothing", trialShare: 0 });
  });

  it("is absent for a run of one trial", async () => {
    expect(trialSpreads(await readScores(await run(["1", "0"], 1)), 0.95)).toEqual([]);
    expect(spreadView([])).toBeUndefined();
  });
});

describe("the estimate of a run with trials", () => {
  it("has the question as its unit: 20 equal trials of each are worth no more than one", async () => {
    const questions = ["1", "0", "1", "1", "0", "1", "0", "1", "1", "0"];
    const [once, often] = await Promise.all(
      [run(questions, 1), run(questions, 20)].map(async (d) => readScores(await d)),
    );
    const width = (scores: Awaited<ReturnType<typeof readScores>>): number => {
      const { estimate } = estimateSample(scores, "rag@1", metricHead("EM"), 0.95)!;
      if (estimate.state !== "estimated") throw new Error(estimate.reason);
      expect(estimate).toMatchObject({ n: 10, mean: 0.6 });
      return estimate.high - estimate.low;
    };
    // Wilson for single trials, Student's t for means of trials: not the same, but of one size.
    expect(width(often!) / width(once!)).toBeGreaterThan(0.9);
  });

  it("shows in the tables what more trials and more questions would bring", async () => {
    const dir = await run(["1/0", "1/1", "0/0", "1/1", "0/1"], 2);
    const text = formatSummary(await summarise([dir]), "text", { columns: 160, color: false });
    expect(text).toContain("What limits the intervals");
    expect(text).toMatch(/5×2/);
    const same = formatSummary(await summarise([await run(["1/1", "0/0"], 2)]), "text", { columns: 160, color: false });
    expect(same).toContain("more trials bring nothing");
    const view = spreadView(trialSpreads(await readScores(dir), 0.95))!;
    expect(view.rows?.[0]).toMatchObject({ metric: "EM", context: "rag@1", n: "5 × 2" });
  });
});
