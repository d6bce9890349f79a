import { describe, expect, it } from "vitest";
import { allEqualInterval } from "./all-equal-interval.ts";
import { clusteredWilson } from "./clustered-wilson.ts";
import { wilson } from "./wilson.ts";

describe("allEqualInterval", () => {
  it.each([0, 1])("of values that are all %d in [0, 1] is Wilson's interval", (value) => {
    const { low, high } = wilson(value * 12, 12, 0.95);
    const interval = allEqualInterval(Array(12).fill(value), 0.95, [0, 1])!;
    expect(interval.low).toBeCloseTo(low, 12);
    expect(interval.high).toBeCloseTo(high, 12);
  });

  it("of equal runs, all differences 0 in [-1, 1], reaches the share that may differ, both ways", () => {
    const share = wilson(0, 60, 0.95).high;
    expect(share).toBeCloseTo(0.0602, 4);
    expect(allEqualInterval(Array(60).fill(0), 0.95, [-1, 1])).toEqual({ low: -share, high: share });
  });

  it("scales with the range", () => {
    const a = allEqualInterval([0.25, 0.25, 0.25], 0.9, [0, 1])!;
    const b = allEqualInterval([25, 25, 25], 0.9, [0, 100])!;
    expect(b.low).toBeCloseTo(100 * a.low, 10);
    expect(b.high).toBeCloseTo(100 * a.high, 10);
  });

  it("narrows with n, and widens when samples share clusters", () => {
    const width = (n: number, clusters?: number[]) => {
      const { low, high } = allEqualInterval(Array(n).fill(0.5), 0.95, [0, 1], clusters)!;
      return high - low;
    };
    expect(width(100)).toBeLessThan(width(10));
    expect(width(100)).toBeGreaterThan(0);
    const clusters = Array.from({ length: 100 }, (_, i) => i % 10);
    expect(width(100, clusters)).toBeGreaterThan(width(10));
  });

  it("with clusters at the floor is the clustered Wilson interval", () => {
    const clusters = [0, 0, 1, 1, 2, 3];
    const expected = clusteredWilson(Array(6).fill(0), clusters, 0.95);
    expect(allEqualInterval(Array(6).fill(0), 0.95, [0, 1], clusters)!.high).toBeCloseTo(expected.high, 12);
  });

  it("is undefined without a finite range", () => {
    expect(allEqualInterval([3, 3, 3], 0.95, [0, Number.POSITIVE_INFINITY])).toBeUndefined();
  });
});
