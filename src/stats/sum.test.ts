import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sum } from "./sum.ts";

describe("sum", () => {
  it.each([
    ["nothing", [], 0],
    ["whole numbers", [1, 2, 3], 6],
    ["ten tenths, which add up to 0.9999999999999999 one by one", Array(10).fill(0.1), 1],
    ["a small number between large ones that cancel", [1e100, 1, -1e100], 1],
    ["large first, small after", [1e16, 1, 1], 1e16 + 2],
  ])("of %s", (_, values, expected) => expect(sum(values)).toBe(expected));

  it("does not depend on the order beyond the last bits", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 200 }), (values) => {
        const sorted = [...values].sort((a, b) => a - b);
        expect(Math.abs(sum(values) - sum(sorted))).toBeLessThanOrEqual(1e-15 * values.length);
      }),
    );
  });
});
