import { describe, expect, it } from "vitest";
import { type ReportedResult, reportedColumn, reportedEstimate, reportedP } from "./reported-results.ts";

const of71 = (system: string, right: number): ReportedResult => ({ system, metric: "m", right, n: 71 });
const places = (results: readonly (ReportedResult | undefined)[], metric = {}) =>
  reportedColumn(results, metric).map((cell) => cell?.rank && `${cell.rank.low}–${cell.rank.high}`);

describe("reportedEstimate", () => {
  it("has Wilson's intervals of the published counts of 71", () => {
    for (const [right, low, high] of [
      [54, 0.65, 0.845],
      [53, 0.634, 0.833],
      [46, 0.532, 0.749],
      [41, 0.462, 0.685],
    ] as const) {
      const estimate = reportedEstimate(of71("s", right));
      expect(estimate).toMatchObject({ state: "estimated", method: "wilson", mean: right / 71, n: 71, level: 0.95 });
      if (estimate.state !== "estimated") throw new Error();
      expect(Math.abs(estimate.low - low)).toBeLessThan(0.001);
      expect(Math.abs(estimate.high - high)).toBeLessThan(0.001);
    }
  });

  it("has Student's interval of a mean with its spread, cut at the range: 8.39 ± .08 over 5", () => {
    const mean = { system: "s", metric: "m", mean: 8.39, sd: 0.08, n: 5 };
    const estimate = reportedEstimate(mean, [0, 10]);
    if (estimate.state !== "estimated") throw new Error();
    // t of 4 degrees of freedom is 2.776445.
    expect(estimate.high - 8.39).toBeCloseTo((2.776445 * 0.08) / Math.sqrt(5), 6);
    expect(reportedEstimate({ ...mean, mean: 9.99 }, [0, 10])).toMatchObject({ high: 10 });
  });

  it("has none of a bare mean or one without spread, and says so", () => {
    const bare = { system: "s", metric: "m", mean: 0.5 };
    expect(reportedEstimate(bare)).toMatchObject({
      state: "not-estimable",
      reason: expect.stringContaining("neither"),
    });
    expect(reportedEstimate({ ...bare, n: 71 })).toMatchObject({ state: "not-estimable", n: 71 });
    expect(reportedEstimate({ ...bare, n: 5, sd: 0 })).toMatchObject({ reason: "no spread was seen" });
  });
});

describe("reportedColumn", () => {
  it("cannot tell 54 from 53 of 71, and tells them from 20", () => {
    expect(places([of71("8B", 54), of71("70B", 53), of71("bad", 20)])).toEqual(["1–2", "1–2", "3–3"]);
    expect(reportedColumn([of71("8B", 54), of71("70B", 53)], {})[0]!.rank).toEqual({
      low: 1,
      high: 2,
      of: 2,
      same: [1],
    });
    expect(places([of71("8B", 54), of71("bad", 20)], { better: "lower" })).toEqual(["2–2", "1–1"]);
  });

  it("cannot tell any two of the published chatbot cells at k = 7, nor most of all fifteen", () => {
    expect(new Set(places([54, 49, 46, 46, 53].map((right, i) => of71(`s${i}`, right))))).toEqual(new Set(["1–5"]));
    const all = [41, 43, 54, 39, 43, 49, 41, 46, 46, 41, 42, 46, 49, 50, 53].map((right, i) => of71(`s${i}`, right));
    expect(new Set(places(all))).toEqual(new Set(["1–15"]));
  });

  it("leaves rows out of the places that have no spread or no result, and a row that is alone", () => {
    const bare = { system: "b", metric: "m", mean: 0.9 };
    expect(places([of71("a", 54), undefined, bare, of71("c", 10)])).toEqual(["1–1", undefined, undefined, "2–2"]);
    expect(places([of71("a", 54), bare])).toEqual([undefined, undefined]);
    expect(reportedColumn([undefined, bare], {})[1]!.mean).toBe(0.9);
  });

  it("compares counts exactly and means by Welch, the one with the other by the spread of its 0s and 1s", () => {
    expect(reportedP(of71("a", 54), of71("b", 53))).toBe(1);
    const mean = (value: number) => ({ system: "m", metric: "m", mean: value, sd: 0.08, n: 5 });
    expect(reportedP(mean(8.39), mean(8.41))).toBeGreaterThan(0.5);
    expect(reportedP(mean(8.39), mean(9.03))).toBeLessThan(0.001);
    expect(reportedP(of71("a", 54), mean(0.1))).toBeLessThan(0.001);
    expect(reportedP({ system: "x", metric: "m", right: 1, n: 1 }, mean(1))).toBeGreaterThan(0.05);
  });
});
