import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BadArgument } from "../core/errors.ts";
import { normalQuantile } from "./normal.ts";
import { studentTCdf, studentTQuantile } from "./student-t.ts";
import { expectRelative } from "./testing/expect-relative.ts";

const freedom = fc.double({ min: 0.7, max: 3000, noNaN: true });

describe("studentTCdf", () => {
  it.each([
    // t, df, value: scipy 1.17.1 special.stdtr
    [2.262157, 9, 0.9749999933477842],
    [-1, 1, 0.25],
    [0.5, 2, 2 / 3],
    [-4, 3, 0.014004228005073076],
    [1.96, 1000, 0.9748634075221256],
    [-10, 30, 2.287625704114809e-11],
    [-2.5, 4.5, 0.029952843251100272],
    [0, 7, 0.5],
  ])("at t = %d with %d degrees of freedom equals scipy's", (t, df, expected) =>
    expectRelative(studentTCdf(t, df), expected, 1e-10),
  );

  it("is Cauchy's with one degree of freedom", () => {
    for (const t of [-100, -3, -1, -0.01, 0.5, 20]) {
      expect(studentTCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 12);
    }
  });

  it("rises with t and is symmetric", () => {
    const t = fc.double({ min: -50, max: 50, noNaN: true });
    fc.assert(
      fc.property(t, t, freedom, (s, u, df) => {
        const [a, b] = [studentTCdf(Math.min(s, u), df), studentTCdf(Math.max(s, u), df)];
        expect(a).toBeLessThanOrEqual(b + 1e-13);
        expect(studentTCdf(-s, df)).toBeCloseTo(1 - studentTCdf(s, df), 12);
      }),
    );
  });

  it.each([0, -1, Number.NaN])("refuses %d degrees of freedom", (df) =>
    expect(() => studentTCdf(1, df)).toThrow(BadArgument),
  );
});

describe("studentTQuantile", () => {
  it.each([
    // p, df, value: scipy 1.17.1 special.stdtrit
    [0.975, 1, 12.706204736174694],
    [0.975, 2, 4.302652729749462],
    [0.975, 4, 2.7764451051977934],
    [0.975, 9, 2.262157162798205],
    [0.975, 30, 2.0422724563012378],
    [0.975, 224, 1.9706109611023637],
    [0.995, 10, 3.16927267261695],
    [0.9, 3.5, 1.5765766051364052],
    [0.8, 99, 0.8452670319534972],
    [0.0005, 5, -6.86882662588111],
    [0.975, 1e6, 1.959966356814107],
  ])("at p = %d with %d degrees of freedom equals scipy's", (p, df, expected) =>
    expectRelative(studentTQuantile(p, df), expected, 1e-10),
  );

  it("has a closed form with two degrees of freedom: (2p - 1) √(2 ÷ 4p(1 - p))", () => {
    for (const p of [0.001, 0.1, 0.3, 0.6, 0.99]) {
      expectRelative(studentTQuantile(p, 2), (2 * p - 1) * Math.sqrt(2 / (4 * p * (1 - p))), 1e-11);
    }
  });

  it("inverts studentTCdf", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 0.999999, noNaN: true }), freedom, (p, df) => {
        expect(studentTCdf(studentTQuantile(p, df), df)).toBeCloseTo(p, 11);
      }),
      { numRuns: 50 },
    );
  });

  it("is wider than the normal quantile and comes down to it", () => {
    let before = Number.POSITIVE_INFINITY;
    for (const df of [1, 2, 5, 20, 100, 10_000]) {
      const t = studentTQuantile(0.975, df);
      expect(t).toBeLessThan(before);
      expect(t).toBeGreaterThan(normalQuantile(0.975));
      before = t;
    }
    expect(before).toBeCloseTo(normalQuantile(0.975), 3);
  });

  it("is 0 at one half", () => expect(studentTQuantile(0.5, 3)).toBe(0));

  it.each([0, 1, -1, Number.NaN])("refuses p = %d", (p) => expect(() => studentTQuantile(p, 3)).toThrow(BadArgument));
});
