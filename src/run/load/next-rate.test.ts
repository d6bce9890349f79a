import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextRate, type TriedRate } from "./next-rate.ts";

/** The rates tried against a system that bears all up to `most`. */
function tried(first: number, most: number): TriedRate[] {
  const steps: TriedRate[] = [];
  for (;;) {
    const rate = nextRate(first, steps);
    if (rate === undefined) return steps;
    steps.push({ rate, borne: rate <= most });
  }
}
const rates = (steps: readonly TriedRate[]): number[] => steps.map(({ rate }) => rate);

describe("nextRate", () => {
  it("doubles while the rate is borne, then halves the distance in ratio until neighbours are close", () => {
    expect(rates(tried(1, 3))).toEqual([1, 2, 4, 2.83, 3.36]);
    expect(rates(tried(1, 2))).toEqual([1, 2, 4, 2.83, 2.38]);
  });

  it("halves while even the lowest is not borne", () => {
    expect(rates(tried(1, 0.3))).toEqual([1, 0.5, 0.25, 0.354, 0.297]);
  });

  it("gives up far below the first rate, and above it after 16 steps", () => {
    expect(rates(tried(1, 0)).at(-1)).toBeCloseTo(1 / 64, 3);
    expect(tried(1, Number.POSITIVE_INFINITY)).toHaveLength(16);
  });

  it("ends with two neighbours, at most 20 % apart, that enclose the highest borne rate", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 100, noNaN: true }),
        fc.double({ min: 0.05, max: 900, noNaN: true }),
        (first, most) => {
          fc.pre(most > first / 32 && most < first * 500);
          const steps = tried(first, most);
          const below = Math.max(...steps.filter(({ borne }) => borne).map(({ rate }) => rate));
          const above = Math.min(...steps.filter(({ borne }) => !borne).map(({ rate }) => rate));
          expect(below).toBeLessThanOrEqual(most);
          expect(above).toBeGreaterThan(most);
          expect(above / below).toBeLessThan(1.21);
          expect(new Set(rates(steps)).size).toBe(steps.length);
        },
      ),
    );
  });

  it("believes a failure below a success: what is borne once but not before is not borne", () => {
    const steps = [
      { rate: 4, borne: false },
      { rate: 2, borne: false },
      { rate: 1, borne: true },
      { rate: 8, borne: true },
    ];
    expect(nextRate(4, steps)).toBe(1.41);
  });
});
