import { expect, it } from "vitest";
import { reportedView } from "./reported-view.ts";

const source = { name: "paper", url: "https://example.org", date: "2024-08-30" };
const counts = (system: string, condition: string, right: number) => ({
  ...{ system, condition, metric: "judged right", right, n: 71 },
});
const chartsOf = (results: readonly ReturnType<typeof counts>[]) =>
  reportedView([{ title: "t", source, metrics: { "judged right": { range: [0, 1] } }, results: [...results] }])[0]!
    .plots;

it("draws reported cells over k, a line per system with its intervals", () => {
  const [chart, ...more] = chartsOf([
    counts("8B", "rag@7", 54),
    counts("8B", "rag@3", 41),
    counts("70B", "rag@3", 49),
    counts("70B", "oracle", 60),
  ]);
  expect(more).toEqual([]);
  expect(chart).toMatchObject({ title: "judged right over k", subtitle: "reported by others", x: { ticks: [3, 7] } });
  expect(chart!.series.map(({ name, points }) => [name, points.map(({ x }) => x)])).toEqual([
    ["8B", [3, 7]],
    ["70B", [3]],
  ]);
  const [three] = chart!.series[0]!.points;
  expect(three!.y).toBeCloseTo(41 / 71, 12);
  expect(three!.low).toBeCloseTo(0.462, 3);
  expect(three!.high).toBeCloseTo(0.685, 3);
});

it("draws nothing of one k, nor of contexts without one", () => {
  expect(chartsOf([counts("8B", "rag@7", 54), counts("70B", "rag@7", 53)])).toEqual([]);
  expect(chartsOf([counts("8B", "oracle", 54), counts("8B", "closed-book", 53)])).toEqual([]);
});
