import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BadArgument } from "../core/errors.ts";
import { standardError, toUnits } from "./units.ts";

const clustered = fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.nat({ max: 6 })), {
  minLength: 2,
  maxLength: 40,
});

describe("toUnits", () => {
  it("takes single values as units of size 1", () => {
    const units = toUnits([1, 2, 6]);
    expect(units).toMatchObject({ n: 3, count: 3, mean: 3, sizes: undefined, constant: false });
    expect([...units.deviations]).toEqual([-2, -1, 3]);
  });

  it("adds up clusters, whatever their numbers", () => {
    const units = toUnits([1, 2, 3, 4], [900, -1, 900, 7]);
    expect(units).toMatchObject({ n: 4, count: 3, mean: 2.5 });
    expect([...units.sums]).toEqual([4, 2, 4]);
    expect([...units.sizes!]).toEqual([2, 1, 1]);
    expect([...units.deviations]).toEqual([-1, -0.5, 1.5]);
  });

  it.each([
    ["no value", [], undefined, true],
    ["equal values", [0.3, 0.3], undefined, true],
    ["values that differ by rounding", [0.3 - 0.2, 0.2 - 0.1, 0.1], undefined, true],
    ["zeros", [0, 0, 0], undefined, true],
    ["values that differ little", [1, 1 + 1e-9], undefined, false],
    ["clusters of equal means", [0, 1, 0, 1], [0, 0, 1, 1], true],
    ["clusters whose means balance out", [0, 0, 1, 1], [0, 0, 1, 1], false],
  ])("%s: constant or not", (_, values, clusters, constant) => {
    expect(toUnits(values, clusters).constant).toBe(constant);
  });

  it("refuses values that are not finite and cluster numbers of another length", () => {
    expect(() => toUnits([1, Number.NaN])).toThrow(BadArgument);
    expect(() => toUnits([1, Number.NEGATIVE_INFINITY])).toThrow(BadArgument);
    expect(() => toUnits([1, 2], [1])).toThrow(/2 values need 2 cluster numbers, got 1/);
  });

  it("has deviations that add up to 0", () => {
    fc.assert(
      fc.property(clustered, (rows) => {
        const values = rows.map(([x]) => x);
        const { deviations } = toUnits(
          values,
          rows.map(([, c]) => c),
        );
        expect(deviations.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 9);
      }),
    );
  });
});

describe("standardError", () => {
  it("is sd ÷ √n for single values", () => {
    expect(standardError(toUnits([1, 2, 3, 4]))).toBeCloseTo(Math.sqrt(5 / 3 / 4), 14);
  });

  it("of [1, 2, 3, 4] in clusters {1, 2}, {3, 4} by hand: √(2/1 × (2² + 2²)) ÷ 4 = 1", () => {
    expect(standardError(toUnits([1, 2, 3, 4], [0, 0, 1, 1]))).toBeCloseTo(1, 14);
  });

  it("with clusters of one is that of single values", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 2, maxLength: 30 }), (values) => {
        const alone = values.map((_, i) => i);
        expect(standardError(toUnits(values, alone))).toBeCloseTo(standardError(toUnits(values)), 12);
      }),
    );
  });

  it("equals its definition over pairs: √(G ÷ (G - 1) × Σ e_i e_j within clusters) ÷ n", () => {
    fc.assert(
      fc.property(clustered, (rows) => {
        const groups = new Set(rows.map(([, c]) => c)).size;
        fc.pre(groups > 1);
        const mean = rows.reduce((total, [x]) => total + x, 0) / rows.length;
        let pairs = 0;
        for (const [x, c] of rows) for (const [y, d] of rows) if (c === d) pairs += (x - mean) * (y - mean);
        const naive = Math.sqrt((groups / (groups - 1)) * Math.max(0, pairs)) / rows.length;
        const units = toUnits(
          rows.map(([x]) => x),
          rows.map(([, c]) => c),
        );
        expect(standardError(units)).toBeCloseTo(naive, 7);
      }),
    );
  });

  it("grows by √m when every value is repeated m times within its cluster, as if nothing was learnt", () => {
    const values = [3, 1, 4, 1, 5, 9, 2, 6];
    const repeated = values.flatMap((x) => [x, x, x]);
    const clusters = values.flatMap((_, i) => [i, i, i]);
    expect(standardError(toUnits(repeated, clusters))).toBeCloseTo(standardError(toUnits(values)), 12);
    expect(standardError(toUnits(repeated))).toBeLessThan(standardError(toUnits(values)) / 1.6);
  });
});
