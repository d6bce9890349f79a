import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BadArgument } from "../core/errors.ts";
import { normalCdf, normalQuantile } from "./normal.ts";
import { expectRelative } from "./testing/expect-relative.ts";

describe("normalCdf", () => {
  it.each([
    // x, value: scipy 1.17.1 special.ndtr
    [-10, 7.61985302416047e-24],
    [-5, 2.866515718791933e-7],
    [-2.5, 0.006209665325776132],
    [-1, 0.15865525393145707],
    [-0.1, 0.460172162722971],
    [0, 0.5],
    [0.5, 0.6914624612740131],
    [1.96, 0.9750021048517795],
    [2.5, 0.9937903346742238],
    [3, 0.9986501019683699],
    [6, 0.9999999990134123],
  ])("at %d equals scipy's", (x, expected) => expectRelative(normalCdf(x), expected, 1e-13));

  it("is symmetric: cdf(-x) = 1 - cdf(x)", () => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: 8, noNaN: true }), (x) => {
        expect(normalCdf(-x)).toBeCloseTo(1 - normalCdf(x), 14);
      }),
    );
  });

  it("is continuous where series and continued fraction meet", () => {
    for (const x of [-2.5, 2.5]) {
      expectRelative(normalCdf(x - 1e-12), normalCdf(x), 1e-10);
      expectRelative(normalCdf(x + 1e-12), normalCdf(x), 1e-10);
    }
  });

  it("reaches 0 and 1 far out and at infinity", () => {
    expect(normalCdf(-40)).toBe(0);
    expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(normalCdf(Number.POSITIVE_INFINITY)).toBe(1);
  });

  it("refuses NaN", () => expect(() => normalCdf(Number.NaN)).toThrow(BadArgument));
});

describe("normalQuantile", () => {
  it.each([
    // p, value: scipy 1.17.1 special.ndtri
    [1e-300, -37.0470962993612],
    [1e-20, -9.262340089798409],
    [1e-9, -5.9978070150076865],
    [0.001, -3.090232306167813],
    [0.025, -1.9599639845400545],
    [0.2, -0.8416212335729142],
    [0.8, 0.8416212335729143],
    [0.975, 1.959963984540054],
    [0.999999, 4.753424308817087],
  ])("at %d equals scipy's", (p, expected) => expectRelative(normalQuantile(p), expected, 1e-11));

  it("is 0 at one half and infinite at the ends", () => {
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
  });

  it("inverts normalCdf", () => {
    fc.assert(
      fc.property(fc.double({ min: -30, max: 5, noNaN: true }), (x) => {
        expect(Math.abs(normalQuantile(normalCdf(x)) - x)).toBeLessThan(1e-9);
      }),
    );
  });

  it.each([-0.1, 1.1, Number.NaN])("refuses p = %d", (p) => expect(() => normalQuantile(p)).toThrow(BadArgument));
});
