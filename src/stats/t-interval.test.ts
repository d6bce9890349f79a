import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BadArgument } from "../core/errors.ts";
import { hasShared } from "../lib/testing/shared.ts";
import { tInterval } from "./t-interval.ts";
import { pairOf, significance } from "./testing/significance.ts";

describe("tInterval", () => {
  it("of [1, 2, 3, 4] equals scipy's", () => {
    const { low, high } = tInterval([1, 2, 3, 4], 0.95);
    expect(low).toBeCloseTo(0.4457397432394794, 12);
    expect(high).toBeCloseTo(4.554260256760521, 12);
  });

  it("of two values at level .5 reaches exactly from one to the other: t = 1 with one degree of freedom", () => {
    const { low, high } = tInterval([2, 6], 0.5);
    expect(low).toBeCloseTo(2, 10);
    expect(high).toBeCloseTo(6, 10);
  });

  it("of [1, 2, 3, 4] in two clusters: 2.5 ± 12.706 × 1", () => {
    const { low, high } = tInterval([1, 2, 3, 4], 0.95, [0, 0, 1, 1]);
    expect(low).toBeCloseTo(2.5 - 12.706204736174694, 9);
    expect(high).toBeCloseTo(2.5 + 12.706204736174694, 9);
  });

  describe.skipIf(!hasShared)("on the paired differences of cranfield", () => {
    const data = hasShared ? significance() : undefined;
    it.each(Object.entries(data?.tests ?? {}))("%s equals scipy's ttest_rel", (name, test) => {
      const { x, y } = pairOf(data!, name);
      const { low, high } = tInterval(
        x.map((value, i) => value - y[i]!),
        0.95,
      );
      expect(low).toBeCloseTo(test.ttest_rel.ci95[0], 11);
      expect(high).toBeCloseTo(test.ttest_rel.ci95[1], 11);
    });
  });

  it("follows shifts and scalings, and does not depend on order", () => {
    const values = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 9 }), fc.integer({ min: -9, max: 9 }), (xs, scale, shift) => {
        const a = tInterval(xs, 0.9);
        const b = tInterval(
          [...xs].reverse().map((x) => scale * x + shift),
          0.9,
        );
        expect(b.low).toBeCloseTo(scale * a.low + shift, 7);
        expect(b.high).toBeCloseTo(scale * a.high + shift, 7);
      }),
      { numRuns: 50 },
    );
  });

  it("refuses fewer than two values, fewer than two clusters and a level given in percent", () => {
    expect(() => tInterval([1], 0.95)).toThrow(BadArgument);
    expect(() => tInterval([1, 2, 3], 0.95, [5, 5, 5])).toThrow(BadArgument);
    expect(() => tInterval([1, 2], 95)).toThrow(BadArgument);
  });
});
