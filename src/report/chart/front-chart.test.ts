import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frontChart, frontOf } from "./front-chart.ts";

const point = (x: number, y: number) => ({ x, y });

describe("frontOf", () => {
  const cheap = point(1, 0.5);
  const good = point(5, 0.9);
  it.each([
    ["dearer and worse is beaten", [cheap, good, point(5, 0.8), point(6, 0.85)], [cheap, good]],
    ["as good for more is beaten", [cheap, point(2, 0.5)], [cheap]],
    ["of one price the best stands", [cheap, point(1, 0.4)], [cheap]],
    ["equal points do not beat each other", [cheap, point(1, 0.5)], [cheap, point(1, 0.5)]],
    ["one point is the front", [good], [good]],
    ["no point has none", [], []],
  ])("%s", (_, points, front) => {
    expect([...frontOf(points, "higher")]).toEqual(front);
  });

  it("holds exactly the points that none beats, in both directions of the metric", () => {
    const some = fc.array(fc.record({ x: fc.integer({ min: 0, max: 6 }), y: fc.integer({ min: 0, max: 6 }) }));
    fc.assert(
      fc.property(some, fc.constantFrom("higher" as const, "lower" as const), (points, better) => {
        const good = ({ y }: { y: number }): number => (better === "higher" ? y : -y);
        const naive = points.filter(
          (a) => !points.some((b) => b.x <= a.x && good(b) >= good(a) && (b.x < a.x || good(b) > good(a))),
        );
        expect(frontOf(points, better)).toEqual(new Set(naive));
      }),
    );
  });
});

it("tells the front in words, cheapest first", () => {
  const axis = { name: "EM", format: (x: number) => x.toFixed(2) };
  const made = frontChart({
    title: "EM against cost",
    better: "higher",
    x: { name: "cost", unit: "US dollars", format: (x) => `$${x}` },
    y: axis,
    points: [
      { name: "large", x: 9, y: 0.8, tied: true },
      { name: "waste", x: 8, y: 0.2, tied: false },
      { name: "small", x: 1, y: 0.5, tied: false },
    ],
  });
  expect(made.says).toBe(
    "EM against cost (US dollars) of 3 points; 2 are not beaten in both by another one: small: 0.50 for $1. large: 0.80 for $9.",
  );
});
