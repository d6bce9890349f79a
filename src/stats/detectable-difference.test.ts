import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BadArgument } from "../core/errors.ts";
import { detectableDifference } from "./detectable-difference.ts";

describe("detectableDifference", () => {
  it("of n = 100, sd = .4 by hand: (1.98422 + .84527) × .4 ÷ 10", () => {
    expect(detectableDifference({ standardDeviation: 0.4, n: 100 })).toBeCloseTo(0.113179, 5);
  });

  it("on 71 right-or-wrong questions is far more than one question", () => {
    // 54 against 53 of 71; were only the least number of answers to differ, sd would still be √(1 ÷ 71).
    const sd = Math.sqrt(1 / 71);
    expect(detectableDifference({ standardDeviation: sd, n: 71 })).toBeGreaterThan(2.8 / 71);
    // With a realistic one answer in five that differs, nine questions and more.
    expect(detectableDifference({ standardDeviation: Math.sqrt(0.2), n: 71 }) * 71).toBeGreaterThan(10);
  });

  it("halves with about four times the pairs, and is proportional to the spread", () => {
    fc.assert(
      fc.property(fc.integer({ min: 30, max: 1000 }), fc.double({ min: 0.01, max: 3, noNaN: true }), (n, sd) => {
        const once = detectableDifference({ standardDeviation: sd, n });
        expect(detectableDifference({ standardDeviation: 2 * sd, n })).toBeCloseTo(2 * once, 9);
        const ratio = once / detectableDifference({ standardDeviation: sd, n: 4 * n });
        expect(ratio).toBeGreaterThan(2);
        expect(ratio).toBeLessThan(2.1);
      }),
      { numRuns: 20 },
    );
  });

  it("grows with the power and with a stricter level", () => {
    const at = (alpha: number, power: number) => detectableDifference({ standardDeviation: 1, n: 50, alpha, power });
    expect(at(0.05, 0.9)).toBeGreaterThan(at(0.05, 0.8));
    expect(at(0.01, 0.8)).toBeGreaterThan(at(0.05, 0.8));
  });

  it.each([{ n: 1 }, { n: 2.5 }, { alpha: 0 }, { power: 1 }, { standardDeviation: -1 }, { standardDeviation: NaN }])(
    "refuses %j",
    (bad) => {
      expect(() => detectableDifference({ standardDeviation: 1, n: 10, ...bad })).toThrow(BadArgument);
    },
  );
});
