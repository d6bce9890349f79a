import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BadArgument } from "../core/errors.ts";
import { betterOrWorse, noWorse } from "./better-or-worse.ts";

const interval = fc
  .tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true }))
  .map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) }));
const minEffect = fc.double({ min: 0, max: 0.5, noNaN: true });

describe("betterOrWorse", () => {
  it.each([
    // low, high, minimum effect, word when higher is better, whether no worse
    [0.02, 0.06, 0.01, "better", true],
    [-0.06, -0.02, 0.01, "worse", false],
    [-0.005, 0.008, 0.01, "equivalent", true],
    [0.005, 0.03, 0.01, "cannot tell", true],
    [-0.03, 0.005, 0.01, "cannot tell", false],
    [-0.03, 0.03, 0.01, "cannot tell", false],
    [0.001, 0.002, 0.01, "equivalent", true],
    [0.001, 0.002, 0, "better", true],
    [-0.002, -0.001, 0, "worse", false],
    [-0.001, 0.001, 0, "cannot tell", false],
    [0, 0.001, 0, "cannot tell", false],
    [0.01, 0.03, 0.01, "cannot tell", true],
    [-0.01, 0.01, 0.01, "cannot tell", false],
  ] as const)("[%d, %d] at minimum effect %d: %s", (low, high, effect, word, safe) => {
    expect(betterOrWorse({ low, high }, { minEffect: effect, better: "higher" })).toBe(word);
    expect(noWorse({ low, high }, { minEffect: effect, better: "higher" })).toBe(safe);
  });

  it("turns better and worse round when lower is better, and when the systems swap", () => {
    const opposite = { better: "worse", worse: "better", equivalent: "equivalent", "cannot tell": "cannot tell" };
    fc.assert(
      fc.property(interval, minEffect, ({ low, high }, effect) => {
        const word = betterOrWorse({ low, high }, { minEffect: effect, better: "higher" });
        expect(betterOrWorse({ low, high }, { minEffect: effect, better: "lower" })).toBe(opposite[word]);
        expect(betterOrWorse({ low: -high, high: -low }, { minEffect: effect, better: "higher" })).toBe(opposite[word]);
      }),
    );
  });

  it("never changes its mind when the interval narrows: a word once said stays", () => {
    fc.assert(
      fc.property(interval, minEffect, fc.double({ min: 0, max: 0.5, noNaN: true }), ({ low, high }, effect, part) => {
        const options = { minEffect: effect, better: "higher" } as const;
        const word = betterOrWorse({ low, high }, options);
        const inner = { low: low + (part * (high - low)) / 2, high: high - (part * (high - low)) / 2 };
        fc.pre(inner.low <= inner.high);
        if (word !== "cannot tell") expect(betterOrWorse(inner, options)).toBe(word);
      }),
    );
  });

  it("agrees with noWorse: better and equivalent are no worse, worse is not", () => {
    fc.assert(
      fc.property(interval, minEffect, (ends, effect) => {
        const options = { minEffect: effect, better: "higher" } as const;
        const word = betterOrWorse(ends, options);
        if (word === "better" || word === "equivalent") expect(noWorse(ends, options)).toBe(true);
        if (word === "worse") expect(noWorse(ends, options)).toBe(false);
      }),
    );
  });

  it("refuses an interval upside down, not a number, and a negative minimum effect", () => {
    const options = { minEffect: 0, better: "higher" } as const;
    expect(() => betterOrWorse({ low: 1, high: 0 }, options)).toThrow(BadArgument);
    expect(() => betterOrWorse({ low: Number.NaN, high: 0 }, options)).toThrow(BadArgument);
    expect(() => noWorse({ low: 0, high: 1 }, { ...options, minEffect: -0.1 })).toThrow(BadArgument);
    expect(() => noWorse({ low: 0, high: 1 }, { ...options, minEffect: Number.NaN })).toThrow(BadArgument);
  });
});
