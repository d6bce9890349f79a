import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BadArgument } from "../core/errors.ts";
import { incompleteBeta, logGamma } from "./incomplete-beta.ts";
import { expectRelative } from "./testing/expect-relative.ts";

describe("incompleteBeta", () => {
  it.each([
    // x, a, b, value: scipy 1.17.1 special.betainc
    [0.5, 2, 3, 0.6875],
    [0.1, 0.5, 0.5, 0.20483276469913345],
    [0.9, 0.5, 20, 1],
    [0.3, 10, 10, 0.032553356881300934],
    [0.999, 50, 0.5, 0.7523690199653766],
    [0.01, 1, 100, 0.6339676587267705],
    [0.5, 1000, 1000, 0.5],
    [0.48, 5000, 5000, 3.147091632031088e-5],
    [0.2, 2.5, 7.25, 0.38444272519976463],
    [0, 3, 4, 0],
    [1, 3, 4, 1],
  ])("I_%d(%d, %d) equals scipy's", (x, a, b, expected) => expectRelative(incompleteBeta(x, a, b), expected, 1e-11));

  it("is the upper tail of the binomial distribution: I_x(k, n - k + 1) = P(X >= k)", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.nat({ max: 39 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (n, offset, x) => {
          const k = 1 + (offset % n);
          let tail = 0;
          for (let i = k; i <= n; i++) tail += choose(n, i) * x ** i * (1 - x) ** (n - i);
          expect(incompleteBeta(x, k, n - k + 1)).toBeCloseTo(tail, 11);
        },
      ),
    );
  });

  it("is its own mirror image: I_x(a, b) = 1 - I_(1 - x)(b, a)", () => {
    const shape = fc.double({ min: 0.1, max: 500, noNaN: true });
    fc.assert(
      // Multiples of 1/1024, so that 1 - x is exact.
      fc.property(fc.nat({ max: 1024 }), shape, shape, (part, a, b) => {
        const x = part / 1024;
        expect(incompleteBeta(x, a, b)).toBeCloseTo(1 - incompleteBeta(1 - x, b, a), 10);
      }),
    );
  });

  it.each([
    [-0.1, 1, 1],
    [1.1, 1, 1],
    [Number.NaN, 1, 1],
    [0.5, 0, 1],
    [0.5, 1, -2],
  ])("refuses x = %d, a = %d, b = %d", (x, a, b) => expect(() => incompleteBeta(x, a, b)).toThrow(BadArgument));
});

describe("logGamma", () => {
  it.each([
    // x, value: scipy 1.17.1 special.gammaln
    [0.5, 0.5723649429247],
    [3.7, 1.428072326665388],
    [10, 12.801827480081469],
    [100.5, 361.43554046777757],
    [1e5, 1051287.7089736569],
  ])("at %d equals scipy's", (x, expected) => expectRelative(logGamma(x), expected, 1e-12));

  it("is the logarithm of the factorial before", () => {
    let factorial = 1;
    for (let n = 1; n <= 20; n++) {
      expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 11);
      factorial *= n;
    }
  });
});

function choose(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i++) value = (value * (n - k + i)) / i;
  return value;
}
