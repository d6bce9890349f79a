import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Ranking } from "../core/ranking.ts";
import { normaliseScores } from "./normalise-scores.ts";

const rankingOf = (scores: readonly number[]): Ranking => scores.map((score, at) => [`p${at}`, score]);
const finite = fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });

describe("normaliseScores", () => {
  it.each([
    ["min-max", [4, 3, 2], [1, 0.5, 0]],
    ["min-max", [-1, -3, -5, -5], [1, 0.5, 0, 0]],
    ["min-max", [7], [1]],
    ["min-max", [2, 2], [1, 1]],
    ["min-max", [], []],
    ["z", [3, 1], [1, -1]],
    // mean 5, deviation 2: the textbook list
    ["z", [9, 7, 5, 5, 4, 4, 4, 2], [2, 1, 0, 0, -0.5, -0.5, -0.5, -1.5]],
    ["z", [2, 2], [0, 0]],
    ["z", [], []],
    ["none", [3, -1], [3, -1]],
  ] as const)("%s of %j is %j", (method, scores, expected) => {
    expect([...normaliseScores(rankingOf(scores), method)]).toEqual(expected);
  });

  it("min-max stays within 0 and 1 at the ends of what a number holds", () => {
    const { MAX_VALUE } = Number;
    expect([...normaliseScores(rankingOf([MAX_VALUE, 0, -MAX_VALUE]), "min-max")]).toEqual([1, 0.5, 0]);
  });

  it("does not change when scores are scaled and shifted", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 20 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: -100, max: 100 }),
        (scores, scale, shift) => {
          for (const method of ["min-max", "z"] as const) {
            const one = normaliseScores(rankingOf(scores), method);
            const other = normaliseScores(rankingOf(scores.map((s) => s * scale + shift)), method);
            for (const [at, value] of one.entries()) expect(other[at]).toBeCloseTo(value, 8);
          }
        },
      ),
    );
  });

  it("keeps the order of scores", () => {
    fc.assert(
      fc.property(fc.array(finite, { maxLength: 20 }), (scores) => {
        for (const method of ["min-max", "z", "none"] as const) {
          const made = normaliseScores(rankingOf(scores), method);
          for (const [a, x] of scores.entries()) {
            for (const [b, y] of scores.entries()) if (x > y) expect(made[a]!).toBeGreaterThanOrEqual(made[b]!);
          }
        }
      }),
    );
  });

  it("z has mean 0 and deviation 1", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 30 }), (scores) => {
        const made = normaliseScores(rankingOf(scores), "z");
        const mean = made.reduce((a, b) => a + b, 0) / made.length;
        expect(mean).toBeCloseTo(0, 8);
        expect(made.reduce((a, b) => a + (b - mean) ** 2, 0) / made.length).toBeCloseTo(1, 8);
      }),
    );
  });
});
