import fc from "fast-check";
import { expect, it, describe as suite } from "vitest";
import { BadArgument } from "../core/errors.ts";
import { describe } from "./describe.ts";

suite("describe", () => {
  it("of [4, 1, 3, 2] by hand", () => {
    const values = [4, 1, 3, 2];
    const d = describe(values)!;
    expect(d).toMatchObject({ n: 4, mean: 2.5, min: 1, max: 4 });
    expect(d.sd).toBeCloseTo(Math.sqrt(5 / 3), 14);
    expect(d.quantile(0.5)).toBe(2.5);
    expect(d.quantile(0.9)).toBeCloseTo(3.7, 14);
    expect(values).toEqual([4, 1, 3, 2]);
  });

  it("has no standard deviation for a single value", () => {
    expect(describe([3])).toMatchObject({ n: 1, mean: 3, sd: undefined, min: 3, max: 3 });
  });

  it("of no values is undefined", () => expect(describe([])).toBeUndefined());

  it("keeps the spread of values far from 0", () => {
    expect(describe([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])?.sd).toBeCloseTo(Math.sqrt(30), 12);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses %d, naming its place", (bad) => {
    expect(() => describe([1, bad])).toThrow(BadArgument);
    expect(() => describe([1, bad])).toThrow(/values\[1\]/);
  });

  it("does not depend on order, and follows shifts and scalings", () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(values, fc.integer({ min: -50, max: 50 }), fc.integer({ min: -9, max: 9 }), (xs, shift, scale) => {
        const d = describe(xs)!;
        expect(describe([...xs].reverse())).toMatchObject({ mean: d.mean, sd: d.sd });
        const moved = describe(xs.map((x) => scale * x + shift))!;
        expect(moved.mean).toBeCloseTo(scale * d.mean + shift, 8);
        expect(moved.sd).toBeCloseTo(Math.abs(scale) * d.sd!, 8);
      }),
    );
  });
});
