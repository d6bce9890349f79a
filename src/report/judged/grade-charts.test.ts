import { describe, expect, it } from "vitest";
import type { Cell, MetricHead, Row, RunHead, Summary } from "../summary-types.ts";
import { gradeCharts } from "./grade-charts.ts";
import type { GradeDistribution } from "./grade-distribution.ts";

const bins = (...counts: number[]): GradeDistribution["bins"] =>
  counts.map((count, grade) => ({ from: grade, to: grade, count }));
const grades = (of: GradeDistribution["bins"], mean?: number): GradeDistribution => ({
  graded: of.reduce((n, { count }) => n + count, 0),
  ...{ failed: 0, unscored: 0, bins: of },
  ...(mean !== undefined && { mean }),
});
const row = (system: string, ...found: (GradeDistribution | undefined)[]): Row =>
  ({
    run: { run: system, system: { id: system } } as unknown as RunHead,
    condition: "rag@3",
    cells: found.map((each) => (each ? ({ judged: { grades: each } } as Cell) : undefined)),
  }) as unknown as Row;
const metric = (name: string, judge?: string): MetricHead =>
  ({ name, range: [0, 3], ...(judge && { judge: { id: judge } }) }) as unknown as MetricHead;
const summary = (metrics: readonly MetricHead[], rows: readonly Row[]): Summary =>
  ({
    suites: [{ id: "books", tables: [{ parts: [{ kind: "answers", metrics, rows }] }] }],
  }) as unknown as Summary;

describe("gradeCharts", () => {
  const found = [row("a", undefined, grades(bins(1, 0, 2, 7), 2.5)), row("b", undefined, grades(bins(0, 5, 0, 5)))];
  const metrics = [metric("EM"), metric("j/right", "j")];

  it("has a picture per criterion of the judge, with a histogram per row, and the counts as a table", () => {
    const [chart, ...more] = gradeCharts(summary(metrics, found), "j");
    expect(more).toEqual([]);
    expect(chart).toMatchObject({
      title: "j/right",
      subtitle: "how many answers got each grade; books",
      bins: ["0", "1", "2", "3"],
      rows: [
        { who: "a rag@3", text: "10 graded, mean 2.50", counts: [1, 0, 2, 7] },
        { who: "b rag@3", text: "10 graded", counts: [0, 5, 0, 5] },
      ],
    });
    expect(chart!.numbers!.rows).toEqual([
      ["a rag@3", "1", "0", "2", "7"],
      ["b rag@3", "0", "5", "0", "5"],
    ]);
  });

  it("names the bins of a composite by their ends", () => {
    const composite = grades([
      { from: 0, to: 0.5, count: 3 },
      { from: 0.5, to: 1, count: 4 },
    ]);
    expect(gradeCharts(summary([metric("j", "j")], [row("a", composite)]), "j")[0]!.bins).toEqual(["0–0.5", "0.5–1"]);
  });

  it("says how many rows are not drawn, and draws nothing of other judges or without grades", () => {
    const many = Array.from({ length: 40 }, (_, i) => row(`s${i}`, undefined, grades(bins(1, 1, 1, 1))));
    const [chart] = gradeCharts(summary(metrics, many), "j");
    expect(chart!.rows).toHaveLength(12);
    expect(chart!.note).toBe("12 of 40 rows are drawn");
    expect(gradeCharts(summary(metrics, many), "other")).toEqual([]);
    expect(gradeCharts(summary(metrics, [row("a", undefined, grades(bins(0, 0, 0, 0)))]), "j")).toEqual([]);
  });
});
