import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Lengths, words } from "./lengths.ts";

describe("Lengths", () => {
  it("of 1 to 10 by the nearest rank", () => {
    const lengths = new Lengths();
    for (const n of [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) lengths.add(n);
    expect(lengths.summary()).toEqual({ n: 10, mean: 5.5, min: 1, p50: 5, p90: 9, p99: 10, max: 10 });
  });

  it("of nothing is nothing", () => {
    expect(new Lengths().summary()).toBeUndefined();
  });

  it("equals sorting all", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 1 }), (values) => {
        const lengths = new Lengths();
        for (const v of values) lengths.add(v);
        const sorted = values.toSorted((a, b) => a - b);
        const rank = (p: number) => sorted[Math.max(1, Math.ceil(p * sorted.length)) - 1];
        expect(lengths.summary()).toMatchObject({
          n: values.length,
          min: sorted[0],
          p50: rank(0.5),
          p90: rank(0.9),
          p99: rank(0.99),
          max: sorted.at(-1),
        });
      }),
    );
  });
});

describe("words", () => {
  it.each([
    ["", 0],
    ["  ", 0],
    ["one", 1],
    [" two\nwords ", 2],
    ["it's 3.5 %", 3],
  ])("of %j are %i", (text, expected) => {
    expect(words(text)).toBe(expected);
  });
});
