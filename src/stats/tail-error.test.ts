import { expect, it } from "vitest";
import { normalCdf, normalQuantile } from "./normal.ts";
import { tailError } from "./tail-error.ts";

it.each([0.1, 1, 1.96, 3, 5])("reads the p-value of a z of %s off its interval", (z) => {
  const excludes = (tail: number) => z - normalQuantile(1 - tail) > 0;
  expect(tailError(excludes)).toBeCloseTo(normalCdf(-z), 8);
});

it("is 1 where no interval excludes the value, and never 0", () => {
  expect(tailError(() => false)).toBe(1);
  expect(tailError(() => true)).toBe(1e-9);
});
