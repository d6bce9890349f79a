import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BadArgument } from "../core/errors.ts";
import { clusteredWilson, effectiveCountAtWorst } from "./clustered-wilson.ts";
import { studentTQuantile } from "./student-t.ts";
import { toUnits } from "./units.ts";
import { scoreInterval, wilson } from "./wilson.ts";

const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.nat({ max: 5 })), { minLength: 4, maxLength: 60 });
const split = (pairs: readonly (readonly [number, number])[]) => ({
  values: pairs.map(([x]) => x),
  clusters: pairs.map(([, c]) => c),
});

describe("clusteredWilson", () => {
  it("counts clusters, not samples, where all samples of a cluster agree", () => {
    // Ten clusters of five, four of them all right: the cluster-robust variance is (10/9) × .24 × 10 × 5² ÷ 50², so
    // 50 samples are worth 9.18.
    const values = Array.from({ length: 50 }, (_, i) => (i < 20 ? 1 : 0));
    const clusters = values.map((_, i) => Math.floor(i / 5));
    const effective = 50 / ((((10 / 9) * 0.24 * 250) / 2500) * (49 / 0.24));
    expect(effective).toBeCloseTo(9.18, 2);
    const expected = scoreInterval(0.4, effective, studentTQuantile(0.975, 9));
    const interval = clusteredWilson(values, clusters, 0.95);
    expect(interval.low).toBeCloseTo(expected.low, 10);
    expect(interval.high).toBeCloseTo(expected.high, 10);
  });

  it.each([0, 1])("of values that are all %d has a width, as of that many independent clusters", (value) => {
    const values = Array(40).fill(value);
    const clusters = values.map((_, i) => i % 8);
    const { low, high } = clusteredWilson(values, clusters, 0.95);
    const square = studentTQuantile(0.975, 7) ** 2;
    expect(high - low).toBeCloseTo(square / (8 + square), 10);
    expect(value === 0 ? low : high).toBe(value);
  });

  it("is never narrower than Wilson's on independent samples, and lies in [0, 1]", () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const { values, clusters } = split(pairs);
        fc.pre(new Set(clusters).size > 1);
        const { low, high } = clusteredWilson(values, clusters, 0.95);
        const plain = wilson(
          values.reduce((a, b) => a + b, 0),
          values.length,
          0.95,
        );
        expect(high - low).toBeGreaterThanOrEqual(plain.high - plain.low - 1e-12);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("mirrors, and does not depend on the order of samples or the names of clusters", () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const { values, clusters } = split(pairs);
        fc.pre(new Set(clusters).size > 1);
        const a = clusteredWilson(values, clusters, 0.9);
        const b = clusteredWilson(values.map((x) => 1 - x).reverse(), clusters.map((c) => 100 - c).reverse(), 0.9);
        expect(b.low).toBeCloseTo(1 - a.high, 9);
        expect(b.high).toBeCloseTo(1 - a.low, 9);
      }),
    );
  });

  it("refuses a single cluster", () => expect(() => clusteredWilson([0, 1], [3, 3], 0.95)).toThrow(BadArgument));
});

describe("effectiveCountAtWorst", () => {
  it.each([
    ["single values", undefined, 6],
    ["three clusters of two", [0, 0, 1, 1, 2, 2], 3],
    ["one large cluster and two single values: 36 ÷ (16 + 1 + 1)", [0, 0, 0, 0, 1, 2], 2],
  ])("of %s", (_, clusters, expected) => {
    expect(effectiveCountAtWorst(toUnits([0, 1, 0, 1, 0, 1], clusters))).toBe(expected);
  });
});
