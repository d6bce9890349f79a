import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Ranking } from "../core/ranking.ts";
import { type FusionSettings, fuse } from "./fusion.ts";

const A: Ranking = [
  ["a", 10],
  ["b", 6],
  ["c", 2],
];
const B: Ranking = [
  ["c", 9],
  ["d", 7],
  ["a", 5],
];
const CONVEX: FusionSettings = { method: "convex", normalise: "min-max" };
const RRF: FusionSettings = { method: "rrf", k: 60 };

/** Rankings as retrievers give them: ids once, best first. */
const rankings = fc.array(
  fc
    .uniqueArray(fc.constantFrom(..."abcdefghij"), { maxLength: 8 })
    .chain((ids) =>
      fc
        .array(fc.integer({ min: -50, max: 50 }), { minLength: ids.length, maxLength: ids.length })
        .map((scores): Ranking => scores.sort((x, y) => y - x).map((score, at) => [ids[at]!, score])),
    ),
  { minLength: 1, maxLength: 4 },
);

describe("fuse", () => {
  it("convex: the weighted mean of min-max-normalised scores, worked by hand", () => {
    // A: a 1, b .5, c 0; B: c 1, d .5, a 0
    expect(fuse([A, B], { ...CONVEX, weights: [0.75, 0.25] })).toEqual([
      ["a", 0.75],
      ["b", 0.375],
      ["c", 0.25],
      ["d", 0.125],
    ]);
  });

  it("convex: weights count by their shares, and are equal when left out", () => {
    expect(fuse([A, B], { ...CONVEX, weights: [3, 1] })).toEqual(fuse([A, B], { ...CONVEX, weights: [0.75, 0.25] }));
    expect(fuse([A, B], CONVEX)).toEqual(fuse([A, B], { ...CONVEX, weights: [1, 1] }));
  });

  it("convex: a passage that a ranking lacks counts there as its last one", () => {
    expect(new Map(fuse([A, B], { method: "convex", normalise: "none" })).get("b")).toBe((6 + 5) / 2);
  });

  it("rrf: the sum of 1 / (60 + rank), worked by hand", () => {
    expect(fuse([A, B], RRF)).toEqual([
      ["c", 1 / 63 + 1 / 61],
      ["a", 1 / 61 + 1 / 63],
      ["d", 1 / 62],
      ["b", 1 / 62],
    ]);
  });

  it("rrf: weights multiply", () => {
    expect(fuse([A, B], { ...RRF, k: 0, weights: [1, 0] })).toEqual([
      ["a", 1],
      ["b", 1 / 2],
      ["c", 1 / 3],
      ["d", 0],
    ]);
  });

  it("takes ids that are names of an object's own things as ids", () => {
    expect(fuse([[["__proto__", 1]], [["constructor", 1]]], RRF).map(([id]) => id)).toEqual([
      "constructor",
      "__proto__",
    ]);
  });

  it.each([[[1]], [[1, -1]], [[0, 0]], [[1, Number.NaN]]])("refuses the weights %j for two rankings", (weights) => {
    expect(() => fuse([A, B], { ...CONVEX, weights })).toThrow("weights must be 2 numbers");
  });

  it("of nothing is nothing", () => {
    expect(fuse([], RRF)).toEqual([]);
    expect(fuse([[], []], CONVEX)).toEqual([]);
  });

  describe.each([
    ["convex", CONVEX],
    ["convex, z", { method: "convex", normalise: "z" }],
    ["rrf", RRF],
  ] as const)("%s", (_, settings) => {
    it("holds every passage of any ranking once, best first", () => {
      fc.assert(
        fc.property(rankings, (lists) => {
          const fused = fuse(lists, settings);
          expect(fused.map(([id]) => id).sort()).toEqual([...new Set(lists.flat().map(([id]) => id))].sort());
          const scores = fused.map(([, score]) => Math.fround(score));
          expect(scores).toEqual(scores.toSorted((a, b) => b - a));
        }),
      );
    });

    it("does not depend on the order of the rankings", () => {
      fc.assert(
        fc.property(rankings, (lists) => {
          const one = new Map(fuse(lists, settings));
          for (const [id, score] of fuse(lists.toReversed(), settings)) expect(score).toBeCloseTo(one.get(id)!, 10);
        }),
      );
    });

    it("of one ranking keeps its order where scores differ", () => {
      fc.assert(
        fc.property(rankings, ([ranking]) => {
          const fused = new Map(fuse([ranking!], settings));
          for (const [at, [id, score]] of ranking!.entries()) {
            for (const [below, lower] of ranking!.slice(at + 1)) {
              if (lower < score) expect(fused.get(id)!).toBeGreaterThan(fused.get(below)!);
            }
          }
        }),
      );
    });

    it("with a weight of 0 gives the other ranking's order", () => {
      const [, ...rest] = fuse([A, B], { ...settings, weights: [0, 1] });
      expect(fuse([A, B], { ...settings, weights: [0, 1] })[0]![0]).toBe("c");
      expect(rest).toHaveLength(3);
    });
  });
});
