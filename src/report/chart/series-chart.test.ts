import { describe, expect, it } from "vitest";
import { MOST_LOOKS, type SeriesOptions, seriesChart } from "./series-chart.ts";

const k = { name: "passages given (k)", format: String };
const em = { name: "EM", unit: "fraction", format: (x: number) => x.toFixed(2) };
const line = (name: string, ...ys: number[]) => ({
  name,
  points: ys.map((y, at) => ({ x: 3 + 2 * at, y, low: y - 0.1, high: y + 0.1 })),
});
const chart = (more: Partial<SeriesOptions> = {}) =>
  seriesChart({ title: "EM over k", x: k, y: em, series: [line("bm25", 0.4, 0.5)], ...more });

describe("seriesChart", () => {
  it("says every line with its intervals, and what is pointed out", () => {
    expect(chart({ limit: { y: 0.3, label: "limit 0.30" }, marks: [{ x: 5, label: "change" }] }).says).toBe(
      "EM (fraction) over passages given (k). limit 0.30. change at 5. bm25: 0.40 [0.30, 0.50] at 3, 0.50 [0.40, 0.60] at 5.",
    );
  });

  it("says of a long line its ends, of dots their number, and stops before a listener does", () => {
    const long = chart({ series: [{ name: "", points: Array.from({ length: 99 }, (_, i) => ({ x: i, y: i })) }] });
    expect(long.says).toBe("EM (fraction) over passages given (k). 0.00 at 0, 98.00 at 98.");
    const dots = chart({ series: [{ name: "", scattered: true, points: [{ x: 1, y: 1 }] }] });
    expect(dots.says).toContain(" 1 dot.");
    const many = chart({ series: Array.from({ length: 60 }, (_, i) => line(`system ${i}`, 0.4, 0.5)) });
    expect(many.says.length).toBeLessThan(1000);
    expect(many.says).toMatch(/And \d+ more\.$/);
  });

  it("brings a table where no other one holds its numbers", () => {
    expect(chart().numbers).toBeUndefined();
    expect(chart({ alone: true }).numbers).toEqual({
      heads: ["line", "passages given (k)", "EM (fraction)"],
      rows: [
        ["bm25", "3", "0.40 [0.30, 0.50]"],
        ["bm25", "5", "0.50 [0.40, 0.60]"],
      ],
    });
  });

  it("tells how many lines have no name in the picture", () => {
    const of = (n: number) => chart({ series: Array.from({ length: n }, (_, i) => line(`${i}`, 0.5)), note: "older" });
    expect(of(MOST_LOOKS).note).toBe("older");
    expect(of(60).note).toBe("older; 52 of 60 lines are thin and bear their names when pointed at");
  });
});
