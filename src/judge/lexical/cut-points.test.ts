import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CutPoints, fitCutPoints, scoreAt } from "./cut-points.ts";

const distance = (points: CutPoints, values: readonly number[], labels: readonly number[]): number =>
  values.reduce((sum, value, i) => sum + (labels[i]! - scoreAt(points, value)) ** 2, 0);

/** The least distance of any step function that never falls, by trying all of them. */
function leastByTrying(values: readonly number[], labels: readonly number[], scale: readonly number[]): number {
  const levels = [...new Set(values)].sort((a, b) => a - b);
  const costs = levels.map((level) =>
    scale.map((score) => values.reduce((sum, v, i) => sum + (v === level ? (labels[i]! - score) ** 2 : 0), 0)),
  );
  const from = (at: number, lowest: number): number =>
    at === levels.length
      ? 0
      : Math.min(...scale.flatMap((_, k) => (k >= lowest ? [costs[at]![k]! + from(at + 1, k)] : [])));
  return from(0, 0);
}

const samples = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 3 })), {
  minLength: 1,
  maxLength: 12,
});

describe("fitCutPoints", () => {
  it("puts cuts half-way between the values where labels change, by hand", () => {
    expect(fitCutPoints([0, 0.2, 0.4, 0.9, 1], [0, 0, 1, 3, 3], [0, 1, 2, 3])).toEqual({
      base: 0,
      cuts: [
        { from: expect.closeTo(0.3, 12), score: 1 },
        { from: expect.closeTo(0.65, 12), score: 3 },
      ],
    });
  });

  it("gives one score where the measure says nothing, the nearest to the labels' mean", () => {
    expect(fitCutPoints([0.5, 0.5, 0.5], [0, 3, 3], [0, 1, 2, 3])).toEqual({ base: 2, cuts: [] });
    expect(fitCutPoints([0.5], [1], [0, 1])).toEqual({ base: 1, cuts: [] });
  });

  it("never falls as the measure grows, even where labels do", () => {
    expect(fitCutPoints([0, 1], [3, 0], [0, 1, 2, 3])).toEqual({ base: 1, cuts: [] });
  });

  it("takes scores of the scale only, whatever numbers they have", () => {
    expect(fitCutPoints([0, 1, 2], [0, 5, 10], [0, 10])).toEqual({ base: 0, cuts: [{ from: 1.5, score: 10 }] });
  });

  it("cuts between neighbouring floating-point numbers", () => {
    const next = 1 + Number.EPSILON;
    const points = fitCutPoints([1, next], [0, 1], [0, 1]);
    expect([scoreAt(points, 1), scoreAt(points, next)]).toEqual([0, 1]);
  });

  it("comes as near to the labels as any rising step function", () => {
    fc.assert(
      fc.property(samples, (pairs) => {
        const [values, labels] = [pairs.map(([v]) => v / 5), pairs.map(([, l]) => l)];
        const scale = [0, 1, 2, 3];
        const points = fitCutPoints(values, labels, scale);
        expect(distance(points, values, labels)).toBeCloseTo(leastByTrying(values, labels, scale), 9);
      }),
    );
  });

  it("depends neither on the order of the samples nor on a rising change of the measure", () => {
    fc.assert(
      fc.property(samples, (pairs) => {
        const fitted = (some: typeof pairs, of: (v: number) => number) =>
          fitCutPoints(
            some.map(([v]) => of(v)),
            some.map(([, l]) => l),
            [0, 1, 2, 3],
          );
        const plain = fitted(pairs, (v) => v);
        expect(fitted(pairs.toReversed(), (v) => v)).toEqual(plain);
        const stretched = fitted(pairs, (v) => v ** 3);
        for (const [v] of pairs) expect(scoreAt(stretched, v ** 3)).toBe(scoreAt(plain, v));
      }),
    );
  });

  it("has cuts that rise in place and in score", () => {
    fc.assert(
      fc.property(samples, (pairs) => {
        const { base, cuts } = fitCutPoints(
          pairs.map(([v]) => v),
          pairs.map(([, l]) => l),
          [0, 1, 2, 3],
        );
        const scores = [base, ...cuts.map(({ score }) => score)];
        expect(scores).toEqual([...new Set(scores)].sort((a, b) => a - b));
        for (const [at, { from }] of cuts.entries()) if (at > 0) expect(from).toBeGreaterThan(cuts[at - 1]!.from);
      }),
    );
  });
});
