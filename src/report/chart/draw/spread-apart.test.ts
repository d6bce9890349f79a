import fc from "fast-check";
import { expect, it } from "vitest";
import { spreadApart } from "./spread-apart.ts";

it.each([
  ["places far enough apart stay", [10, 50, 90], [10, 50, 90]],
  ["close ones are pushed down, in their order", [50, 51, 49], [61, 73, 49]],
  ["what would run over the end is pushed back", [95, 99], [88, 100]],
  [
    "more than there is room for share what there is",
    Array.from({ length: 11 }, () => 5),
    [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100],
  ],
])("%s", (_, wanted, expected) => {
  expect(spreadApart(wanted, 12, 0, 100).map(Math.round)).toEqual(expected);
});

it("keeps the order, the gap and the ends", () => {
  const place = fc.double({ min: 0, max: 100, noNaN: true });
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 8 }), (wanted) => {
      const placed = spreadApart(wanted, 12, 0, 100);
      const sorted = placed.toSorted((a, b) => a - b);
      expect(sorted[0]).toBeGreaterThanOrEqual(-1e-9);
      expect(sorted.at(-1)).toBeLessThanOrEqual(100 + 1e-9);
      for (let i = 1; i < sorted.length; i += 1) expect(sorted[i]! - sorted[i - 1]!).toBeGreaterThanOrEqual(12 - 1e-9);
      for (const [a, x] of wanted.entries()) {
        for (const [b, y] of wanted.entries()) if (x < y) expect(placed[a]).toBeLessThan(placed[b]!);
      }
    }),
  );
});
