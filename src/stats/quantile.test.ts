import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BadArgument } from "../core/errors.ts";
import { quantileSorted } from "./quantile.ts";

const sortedValues = fc
  .array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 50 })
  .map((values) => values.sort((a, b) => a - b));
const fraction = fc.double({ min: 0, max: 1, noNaN: true });

describe("quantileSorted", () => {
  it.each([
    // values, p, value: by hand; numpy.quantile says the same
    [[1, 2, 3, 4], 0.5, 2.5],
    [[1, 2, 3, 4], 0.25, 1.75],
    [[1, 2, 3, 4], 0.9, 3.7],
    [[1, 2, 3, 4], 0, 1],
    [[1, 2, 3, 4], 1, 4],
    [[7], 0.3, 7],
    [[0, 10], 0.025, 0.25],
  ])("of %j at %d is %d", (values, p, expected) => expect(quantileSorted(values, p)).toBeCloseTo(expected, 12));

  it("lies between the ends and rises with p", () => {
    fc.assert(
      fc.property(sortedValues, fraction, fraction, (values, p, q) => {
        const low = quantileSorted(values, Math.min(p, q));
        const high = quantileSorted(values, Math.max(p, q));
        expect(low).toBeGreaterThanOrEqual(values[0]!);
        expect(low).toBeLessThanOrEqual(high + 1e-12);
        expect(high).toBeLessThanOrEqual(values.at(-1)! + 1e-12);
      }),
    );
  });

  it("mirrors: the p-quantile of the negated values is minus the (1 - p)-quantile", () => {
    fc.assert(
      fc.property(sortedValues, fraction, (values, p) => {
        const negated = values.map((x) => -x).reverse();
        expect(quantileSorted(negated, p)).toBeCloseTo(-quantileSorted(values, 1 - p), 9);
      }),
    );
  });

  it("refuses no values and p outside [0, 1]", () => {
    expect(() => quantileSorted([], 0.5)).toThrow(BadArgument);
    expect(() => quantileSorted([1], 1.01)).toThrow(BadArgument);
    expect(() => quantileSorted([1], Number.NaN)).toThrow(BadArgument);
  });
});
