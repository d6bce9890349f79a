import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BadArgument } from "../core/errors.ts";
import { hasShared } from "../lib/testing/shared.ts";
import { holm } from "./holm.ts";
import { significance } from "./testing/significance.ts";

const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });

describe("holm", () => {
  it.each([
    ["nothing", [], []],
    ["one comparison", [0.04], [0.04]],
    ["three: 3 × .01, 2 × .03, and .04 raised to the one before", [0.01, 0.04, 0.03], [0.03, 0.06, 0.06]],
    ["ties get one value", [0.02, 0.02, 0.5], [0.06, 0.06, 0.5]],
    ["at most 1", [0.9, 0.8], [1, 1]],
    ["zeros stay", [0, 0.5], [0, 0.5]],
  ])("of %s", (_, p, expected) => {
    const adjusted = holm(p);
    expect(adjusted).toHaveLength(expected.length);
    adjusted.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 12);
    });
  });

  it.skipIf(!hasShared)("equals statsmodels, ties and ends included", () => {
    for (const [name, { p, holm: expected }] of Object.entries(significance().multiple_testing)) {
      holm(p).forEach((value, i) => {
        expect(value, `${name}[${i}]`).toBeCloseTo(expected.adjusted[i]!, 12);
      });
    }
  });

  it("is at least p, at most Bonferroni's, in the order of p, and ties stay ties", () => {
    fc.assert(
      fc.property(pValues, (p) => {
        const adjusted = holm(p);
        for (const [i, value] of adjusted.entries()) {
          expect(value).toBeGreaterThanOrEqual(p[i]!);
          expect(value).toBeLessThanOrEqual(Math.min(1, p[i]! * p.length));
          for (const [j, other] of adjusted.entries()) if (p[i]! <= p[j]!) expect(value).toBeLessThanOrEqual(other);
        }
      }),
    );
  });

  it("does not depend on the order of the comparisons", () => {
    fc.assert(
      fc.property(pValues, (p) => {
        expect(holm([...p].reverse()).reverse()).toEqual(holm(p));
      }),
    );
  });

  it("rejects what the step-down procedure rejects", () => {
    fc.assert(
      fc.property(pValues, (p) => {
        const alpha = 0.05;
        const order = p.map((_, i) => i).sort((a, b) => p[a]! - p[b]!);
        const rejected = new Set<number>();
        for (const [rank, i] of order.entries()) {
          if ((p.length - rank) * p[i]! > alpha) break;
          rejected.add(i);
        }
        expect(holm(p).flatMap((value, i) => (value <= alpha ? [i] : []))).toEqual([...rejected].sort((a, b) => a - b));
      }),
    );
  });

  it.each([-0.1, 1.1, Number.NaN])("refuses a p-value of %d", (bad) => {
    expect(() => holm([0.5, bad])).toThrow(BadArgument);
  });
});
