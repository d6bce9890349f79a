import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fisherExact } from "./fisher-exact.ts";

describe("fisherExact", () => {
  // The lady tasting tea; SciPy's documentation; R's fisher.test.
  it.each([
    [3, 4, 1, 4, 34 / 70],
    [4, 4, 0, 4, 2 / 70],
    [8, 10, 1, 6, 0.034965034965034975],
    [0, 5, 0, 5, 1],
    [5, 5, 5, 5, 1],
    [54, 71, 53, 71, 1],
  ])("%d of %d and %d of %d give %d", (a, n, b, m, p) => {
    expect(fisherExact(a, n, b, m)).toBeCloseTo(p, 9);
  });

  it("equals the sum over all tables with the same margins, computed with exact binomials", () => {
    const choose = (n: number, k: number): bigint => {
      let result = 1n;
      for (let i = 1; i <= k; i += 1) result = (result * BigInt(n - k + i)) / BigInt(i);
      return result;
    };
    const count = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(
        count,
        count,
        fc.float({ noNaN: true, min: 0, max: 1 }),
        fc.float({ noNaN: true, min: 0, max: 1 }),
        (n, m, s, t) => {
          const [a, b] = [Math.round(s * n), Math.round(t * m)];
          const table = (x: number) => choose(n, x) * choose(m, a + b - x);
          let [tail, all] = [0n, 0n];
          for (let x = Math.max(0, a + b - m); x <= Math.min(n, a + b); x += 1) {
            all += table(x);
            if (table(x) <= table(a)) tail += table(x);
          }
          expect(fisherExact(a, n, b, m)).toBeCloseTo(Number(tail) / Number(all), 9);
        },
      ),
      { seed: 7, numRuns: 200 },
    );
  });

  it("does not depend on which side is called first, nor on what is called a success", () => {
    for (const [a, n, b, m] of [
      [3, 20, 9, 25],
      [54, 71, 41, 71],
    ] as const) {
      expect(fisherExact(b, m, a, n)).toBeCloseTo(fisherExact(a, n, b, m), 12);
      expect(fisherExact(n - a, n, m - b, m)).toBeCloseTo(fisherExact(a, n, b, m), 12);
    }
  });

  it("falls as the proportions part, and holds for large counts", () => {
    const p = [53, 46, 41, 30].map((b) => fisherExact(54, 71, b, 71));
    expect(p).toEqual(p.toSorted((x, y) => y - x));
    expect(fisherExact(50_000, 100_000, 51_000, 100_000)).toBeLessThan(1e-4);
    expect(fisherExact(100_000, 100_000, 0, 100_000)).toBe(0);
  });

  it.each([
    [1, 0, 0, 1],
    [2, 1, 0, 1],
    [-1, 3, 0, 3],
    [0.5, 3, 0, 3],
    [0, 3, Number.NaN, 3],
  ])("refuses %d of %d and %d of %d", (a, n, b, m) => {
    expect(() => fisherExact(a, n, b, m)).toThrow("counts need");
  });
});
