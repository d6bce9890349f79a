import { describe, expect, it } from "vitest";
import type { ComparedMetric } from "../../gate/index.ts";
import { compareSummary, joinNotes } from "./compare-summary.ts";

const row = (metric: string, verdict: ComparedMetric["verdict"], mean = 0.1) =>
  ({
    ...{ metric, condition: "rag@3", verdict, range: [0, 1], n: 10, ties: 0, unpaired: 0 },
    difference: { state: "estimated", mean, low: mean - 0.05, high: mean + 0.05 },
  }) as unknown as ComparedMetric;

describe("what the page of two runs says first", () => {
  it("is on what the candidate is better and worse, by how much, and how much is left open", () => {
    const told = compareSummary([
      row("EM", "better"),
      row("F1", "worse", -0.2),
      row("R@4", "cannot tell"),
      row("P@1", "equivalent"),
    ]);
    expect(told).toEqual({
      better: ["EM rag@3 +.100 [+.050, +.150]"],
      worse: ["F1 rag@3 −.200 [−.250, −.150]"],
      rest: "On 1 of 4 figures they are equivalent. On 1 of 4 figures it cannot be told which is better.",
    });
  });

  it("says of a judge's column how far the judge was measured", () => {
    const told = compareSummary([row("j/correctness", "better"), row("EM", "better")], (metric) =>
      metric.startsWith("j/") ? "judge uncalibrated" : undefined,
    );
    expect(told.better).toEqual([
      "j/correctness rag@3 +.100 [+.050, +.150] (judge uncalibrated)",
      "EM rag@3 +.100 [+.050, +.150]",
    ]);
  });

  it("is nothing about the rest where there is none, and speaks of one figure as one", () => {
    expect(compareSummary([row("EM", "better")]).rest).toBe("");
    expect(compareSummary([row("EM", "cannot tell")])).toEqual({
      ...{ better: [], worse: [] },
      rest: "On the one figure it cannot be told which is better.",
    });
  });
});

describe("joinNotes", () => {
  it("says once what is so of several figures, in the order of the first", () => {
    expect(joinNotes(["A x: 3 are missing", "B x: 3 are missing", "whole sentence", "C x: 4 are missing"])).toEqual([
      "3 are missing: A x, B x",
      "whole sentence",
      "C x: 4 are missing",
    ]);
    expect(joinNotes([])).toEqual([]);
  });
});
