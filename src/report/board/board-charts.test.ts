import { describe, expect, it } from "vitest";
import type { Estimate } from "../../core/estimate.ts";
import type { Chart } from "../chart/chart.ts";
import type { FrontChart } from "../chart/front-chart.ts";
import type { SeriesChart } from "../chart/series-chart.ts";
import type { StackChart } from "../chart/stack-chart.ts";
import { metricHead } from "../metric-head.ts";
import type { Cell, Row, RunHead, TablePart } from "../summary-types.ts";
import { boardCharts, lostCharts } from "./board-charts.ts";

const estimate = (mean: number): Estimate => ({
  ...{ state: "estimated", mean, low: mean - 0.1, high: mean + 0.1, level: 0.95, method: "t" },
  ...{ n: 9, unscored: 0, failed: 0 },
});
const none: Estimate = { state: "not-estimable", reason: "no question", n: 0, unscored: 0, failed: 0 };
const cell = (metric: string, mean: number | undefined, kind: "best" | "tied" | "behind" = "behind"): Cell => ({
  metric,
  estimate: mean === undefined ? none : estimate(mean),
  notApplicable: 0,
  standing: kind === "best" ? { kind } : { kind, difference: none, p: 0.01, pHolm: 0.01 },
});
const run = (id: string): RunHead => ({ run: id, system: { id } }) as unknown as RunHead;
const row = (
  id: string,
  condition: string | undefined,
  means: readonly (number | undefined)[],
  more: Partial<Row> = {},
): Row => ({
  ...{ run: run(id), questions: 100, trials: 1, failed: 0, absent: 0, cached: 0 },
  ...(condition !== undefined && { condition }),
  cells: means.map((mean) => cell("EM", mean)),
  ...more,
});
const part = (kind: TablePart["kind"], names: readonly string[], rows: readonly Row[]): TablePart => ({
  kind,
  metrics: names.map(metricHead),
  rows,
});
const titles = (charts: readonly Chart[]): string[] => charts.map(({ title }) => title);
const per1000 = (usd: number): Partial<Row> => ({ cost: { per1000: { usd } } as unknown as NonNullable<Row["cost"]> });

describe("the charts of a table", () => {
  it("draws each metric over k, a line per system, the best by the first metric first in all of them", () => {
    const charts = boardCharts(
      part(
        "answers",
        ["EM", "F1"],
        [
          row("weak", "rag@10", [0.3, 0.9]),
          row("weak", "rag@3", [0.2, 0.8]),
          row("good", "rag@3", [0.6, 0.5]),
          row("good", "rag@10", [0.5, 0.5]),
          row("good", "oracle", [0.9, 0.9]),
        ],
      ),
    ) as SeriesChart[];
    expect(titles(charts)).toEqual(["EM over k", "F1 over k"]);
    for (const { series, x } of charts) {
      expect(series.map(({ name }) => name)).toEqual(["good", "weak"]);
      expect(series.map(({ points }) => points.map((point) => point.x))).toEqual([
        [3, 10],
        [3, 10],
      ]);
      expect(x.ticks?.toSorted((a, b) => a - b)).toEqual([3, 10]);
    }
  });

  it("draws rankings over the cut-offs of metrics of one name", () => {
    const rows = [row("a", undefined, [0.1, 0.2, 0.5, undefined]), row("b", undefined, [0.2, 0.3, 0.5, undefined])];
    const [chart, ...more] = boardCharts(part("retrieval", ["R@1", "R@4", "nDCG@10", "R@50"], rows)) as SeriesChart[];
    expect(more).toEqual([]);
    expect(chart!.title).toBe("R@k over k");
    expect(chart!.series[0]!.points.map(({ x, y }) => [x, y])).toEqual([
      [1, 0.2],
      [4, 0.3],
    ]);
  });

  it("draws quality against cost and latency, and says which rows have none", () => {
    const latency = { n: 9, p50: 300, p95: 900 };
    const rows = [
      row("a", "rag@3", [0.5], { ...per1000(1), latency, cells: [cell("EM", 0.5, "tied")] }),
      row("b", "rag@3", [0.6], { ...per1000(90), latency, cells: [cell("EM", 0.6, "best")] }),
      row("c", "rag@3", [0.4]),
      row("d", "rag@3", [undefined], per1000(2)),
    ];
    const charts = boardCharts(part("answers", ["EM"], rows)) as FrontChart[];
    expect(titles(charts)).toEqual(["EM against cost of 1000 questions", "EM against median latency"]);
    expect(charts[0]!.points.map(({ name, front, tied }) => [name, front, tied])).toEqual([
      ["a", true, true],
      ["b", true, false],
    ]);
    expect(charts[0]!.x.kind).toBe("log");
    expect(charts[1]!.x.kind).toBeUndefined();
    expect(charts[0]!.note).toBe("2 of 4 rows have none and are not drawn");
  });

  it("draws the risk of systems whose answers carry a confidence, a picture per condition", () => {
    const curve = [{ coverage: 1, risk: 0.3 }];
    const rows = [row("a", "rag@3", [0.5]), row("b", "rag@3", [0.7])];
    const charts = boardCharts(part("answers", ["EM"], rows), ({ run: id }) =>
      id === "a" ? [{ condition: "rag@3", right: "EM ≥ .5", curve }] : [],
    ) as SeriesChart[];
    expect(titles(charts)).toEqual(["Risk over coverage"]);
    expect(charts[0]).toMatchObject({ subtitle: "rag@3; right: EM ≥ .5", series: [{ name: "a" }] });
  });

  it("draws what got lost, most first; questions without gold alone are no loss of a system", () => {
    const unscored = { stage: "scoring", code: "nothing to compare with", count: 9 } as const;
    const failed = { stage: "generation", code: "E_ENDPOINT_TIMEOUT", count: 5 } as const;
    const table = (...lost: Row["lost"][]): TablePart =>
      part(
        "answers",
        ["EM"],
        lost.map((each, i) => row(`s${i}`, "rag@3", [0.5], each && { lost: each })),
      );
    expect(lostCharts(table([unscored], [unscored]))).toEqual([]);
    const [chart] = lostCharts(table(undefined, [unscored], [unscored, failed])) as StackChart[];
    expect(chart!.rows.map(({ who, text }) => [who, text])).toEqual([
      ["s2", "14 of 100"],
      ["s1", "9 of 100"],
    ]);
    expect(chart!.rows[0]!.parts).toEqual([
      { of: "scoring", detail: "nothing to compare with", value: 0.09 },
      { of: "generation", detail: "E_ENDPOINT_TIMEOUT", value: 0.05 },
    ]);
  });

  it("counts an answer that several judges did not grade once", () => {
    const judge = (id: string, count: number) => ({ stage: "judge", code: `no grade of ${id}`, count }) as const;
    const failed = { stage: "generation", code: "E_ENDPOINT_TIMEOUT", count: 5 } as const;
    const lost = [failed, judge("a", 39), judge("b", 40)];
    const [chart] = lostCharts(part("answers", ["EM"], [row("s", "rag@3", [0.5], { lost })])) as StackChart[];
    expect(chart!.rows[0]!.text).toBe("45 or more of 100");
    expect(chart!.rows[0]!.parts.map(({ detail, value }) => [detail, value])).toEqual([
      ["no grade of b", 0.4],
      ["E_ENDPOINT_TIMEOUT", 0.05],
    ]);
  });

  it.each([
    ["one system, one k", part("answers", ["EM"], [row("a", "rag@3", [0.5], per1000(1))])],
    ["no row", part("answers", ["EM"], [])],
    ["no metric", part("answers", [], [row("a", "rag@3", []), row("a", "rag@5", [])])],
    ["nothing estimable", part("answers", ["EM"], [row("a", "rag@3", [undefined]), row("a", "rag@5", [undefined])])],
  ])("draws nothing of %s", (_, table) => {
    expect([...boardCharts(table), ...lostCharts(table)]).toEqual([]);
  });
});
