import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Axis } from "../chart.ts";
import { scaleOf, ticksOf } from "./scale-of.ts";

const axis = (more: Partial<Axis> = {}): Axis => ({ name: "y", format: String, ...more });

describe("scaleOf", () => {
  it.each([
    ["holds all values", axis(), [0.2, 0.7], [0.2, 0.7]],
    ["begins at 0 where it is to", axis({ zero: true }), [3, 18], [0, 18]],
    ["has room around equal values", axis(), [5, 5], [4.5, 5.5]],
    ["does not leave the range", axis({ range: [0, 1] }), [1, 1], [0.9, 1]],
    ["holds its ticks", axis({ ticks: [3, 7] }), [5], [3, 7]],
    ["is there without values", axis(), [], [0, 1]],
    ["leaves out what is not finite", axis(), [1, Number.NaN, 2, Number.POSITIVE_INFINITY], [1, 2]],
  ])("%s", (_, of, values, domain) => {
    expect(scaleOf(of, values).domain).toEqual(domain);
  });

  it("by ratio leaves room on both sides, and 0 stands at the edge", () => {
    const { domain, clamp } = scaleOf(axis({ kind: "log" }), [0, 13, 130]);
    expect(domain).toEqual([10, 169]);
    expect(clamp).toBe(true);
  });
});

describe("ticksOf", () => {
  it.each([
    [
      [1, 8],
      [1, 2, 5, 10],
    ],
    [
      [0.001, 1e6],
      [0.001, 0.1, 10, 1000, 100_000],
    ],
    [[30, 32], [30]],
  ])("of the values %j by ratio are %j", (values, ticks) => {
    const of = axis({ kind: "log" });
    expect(ticksOf(of, scaleOf(of, values))).toEqual(ticks.map((tick) => expect.closeTo(tick, 9)));
  });

  it("by ratio are 1 to 7, in order and within the axis, whatever the values", () => {
    const of = axis({ kind: "log" });
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), { maxLength: 6 }), (values) => {
        const scale = scaleOf(of, values);
        const [low, high] = scale.domain as [number, number];
        const ticks = ticksOf(of, scale) as number[];
        expect(ticks.length).toBeGreaterThan(0);
        expect(ticks.length).toBeLessThanOrEqual(7);
        expect(ticks).toEqual(ticks.toSorted((a, b) => a - b));
        expect(ticks.every((tick) => tick >= low && tick <= high)).toBe(true);
      }),
    );
  });
});
