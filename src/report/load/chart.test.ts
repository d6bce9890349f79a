import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chart, linearScale, logScale } from "./chart.ts";

const plain = (x: number): string => String(x);

describe("linearScale", () => {
  it("begins at 0 and ends at a round value that holds all", () => {
    const { ticks, at } = linearScale([3, 18], plain);
    expect(ticks).toEqual([0, 5, 10, 15, 20]);
    expect([at(0), at(10), at(20), at(99)]).toEqual([0, 0.5, 1, 1]);
  });

  it("holds without values", () => {
    expect(linearScale([], plain).ticks[0]).toBe(0);
    expect(linearScale([0], plain).at(0)).toBe(0);
  });
});

describe("logScale", () => {
  it("has the same distance for the same ratio, and round ticks within", () => {
    const { ticks, at } = logScale([1, 2, 8], plain);
    expect(ticks).toEqual([1, 2, 5, 10]);
    expect(at(2) - at(1)).toBeCloseTo(at(8) - at(4), 12);
  });

  it("has few ticks over many orders of magnitude", () => {
    expect(logScale([0.001, 1e6], plain).ticks).toEqual([0.001, 0.01, 0.1, 1, 10, 100, 1000, 1e4, 1e5, 1e6]);
  });

  it("rises and stays between 0 and 1, whatever the values", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1e7, noNaN: true })), { maxLength: 9 }),
        (values) => {
          const { at, ticks } = logScale(values, plain);
          const places = values.toSorted((a, b) => a - b).map(at);
          expect(places.every((x, i) => x >= 0 && x <= 1 && x >= (places[i - 1] ?? 0))).toBe(true);
          expect(ticks.length).toBeLessThan(25);
        },
      ),
    );
  });
});

describe("chart", () => {
  const scales = { x: linearScale([4], plain), y: linearScale([10], plain) };
  const series = (...ys: number[]) =>
    ys.map((y, i) => ({ label: `p${i}`, look: "first" as const, points: [{ x: 4, y }] }));

  it("joins points by a line, with the whiskers of those that have both ends", () => {
    const points = [
      { x: 1, y: 2, low: 1, high: 3 },
      { x: 2, y: 4, low: 3 },
    ];
    const svg = chart({ ...scales, series: [{ label: "a", look: "second", points }] });
    expect(svg.match(/class="line"/g)).toHaveLength(1);
    expect(svg.match(/class="whisker"/g)).toHaveLength(1);
    expect(svg.match(/<circle/g)).toHaveLength(2);
    expect(svg).toContain('<g class="second">');
  });

  it("moves names of lines that end at one place apart", () => {
    const svg = chart({ ...scales, series: series(5, 5.1, 5.2) });
    const rows = Array.from(svg.matchAll(/class="said" x="\d+" y="([\d.]+)">p\d/g), ([, y]) => Number(y)).sort(
      (a, b) => a - b,
    );
    expect(rows).toHaveLength(3);
    expect(rows[1]! - rows[0]!).toBeGreaterThanOrEqual(12);
    expect(rows[2]! - rows[1]!).toBeGreaterThanOrEqual(12);
  });

  it("points out a limit and a place", () => {
    const svg = chart({ ...scales, series: [], limit: { y: 5, label: "limit 5" }, mark: { x: 2, label: "knee" } });
    expect(svg).toContain(">limit 5</text>");
    expect(svg).toContain(">knee</text>");
  });
});
