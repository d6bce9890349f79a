import { describe, expect, it } from "vitest";
import type { Estimate } from "../../core/estimate.ts";
import type { GradingHead } from "../../runlog/index.ts";
import { type JudgedPairs, pairRows } from "./pairs-view.ts";

const share = (mean: number, low: number, high: number): Estimate => ({
  ...{ state: "estimated", mean, low, high, level: 0.95, method: "made", n: 40, unscored: 0, failed: 0 },
});
const SHA = "0".repeat(64);
const head: GradingHead = {
  ...{ kind: "grading", schema: 1, run: "a", log: SHA, judge: { id: "../p", sha256: SHA, rubric: SHA, config: {} } },
  ...{ criteria: [], repeats: 1, refusals: "apart", startedAt: "2026-01-01T00:00:00.000Z" },
  against: { run: "b", log: SHA, system: "b" },
};
const judged = (changes: Partial<JudgedPairs["conditions"][0]> = {}): JudgedPairs => ({
  ...{ head, first: "A", second: "B" },
  conditions: [
    {
      ...{ condition: "rag@3", pairs: 40, undecided: 2 },
      ...{ win: share(0.6, 0.45, 0.74), tie: share(0.3, 0.18, 0.45), loss: share(0.1, 0.04, 0.23) },
      preference: share(0.75, 0.65, 0.85),
      position: { changed: share(0.2, 0.1, 0.35), first: share(0.7, 0.55, 0.82) },
      ...changes,
    },
  ],
});

describe("pairRows", () => {
  it("counts wins of the run that has the verdicts, and how often a verdict is the same in both orders", () => {
    expect(pairRows(judged())).toMatchObject([
      {
        ...{ us: "A", them: "B", pairs: "40", undecided: "2", better: "A", judgeHref: "judges/..%252Fp.html" },
        win: { number: ".600", interval: "[.450, .740]" },
        loss: { number: ".100" },
        preference: { number: ".750", bar: expect.stringContaining("<svg") },
        kept: { number: ".800", interval: "[.650, .900]" },
        placed: { number: ".700" },
      },
    ]);
  });

  it("is the mirror image for the other run: the same verdicts, the same better system", () => {
    expect(pairRows(judged(), "b")).toMatchObject([
      {
        ...{ us: "B", them: "A", better: "A" },
        win: { number: ".100", interval: "[.040, .230]" },
        tie: { number: ".300" },
        loss: { number: ".600" },
        preference: { number: ".250", interval: "[.150, .350]" },
        kept: { number: ".800" },
        placed: { number: ".700" },
      },
    ]);
  });

  it("names no better system by a point value, and has a reason where there is no figure", () => {
    expect(pairRows(judged({ preference: share(0.6, 0.49, 0.7) }))).toMatchObject([{ better: "cannot tell" }]);
    const none: Estimate = { state: "not-estimable", reason: "1 value", n: 1, unscored: 0, failed: 0 };
    expect(pairRows(judged({ preference: none, win: none }), "b")).toMatchObject([
      {
        better: "cannot tell",
        preference: { reason: "not estimable: 1 value" },
        loss: { reason: "not estimable: 1 value" },
      },
    ]);
  });
});
