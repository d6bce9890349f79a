import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seeded } from "../core/rng.ts";
import { clusteredSize } from "./clustered-size.ts";
import { clusteredWilson } from "./clustered-wilson.ts";
import { normalQuantile } from "./normal.ts";
import { quantileInterval } from "./quantile-interval.ts";
import { wilson } from "./wilson.ts";

/** (t / z)² at .95 of three degrees of freedom, from a table. */
const WIDER_OF_FOUR = (3.182446 / 1.959964) ** 2;

const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.nat({ max: 9 })), { minLength: 2, maxLength: 80 });
const split = (pairs: readonly (readonly [number, number])[]) =>
  [pairs.map(([x]) => x), pairs.map(([, cluster]) => cluster)] as const;

describe("clusteredSize", () => {
  it.each<[string, number[], number[], number]>([
    // Deviations ±1 of four pairs: variance of the mean (4/3) · 4 / 8² = 1/12, of independent values .25 / 7.
    ["pairs that agree", [1, 1, 0, 0, 1, 1, 0, 0], [1, 1, 2, 2, 3, 3, 4, 4], (8 * (0.25 / 7) * 12) / WIDER_OF_FOUR],
    // Every pair has the mean: nothing is lost by the pairs, but for the degrees of freedom.
    ["pairs that cancel", [1, 0, 0, 1, 1, 0, 0, 1], [1, 1, 2, 2, 3, 3, 4, 4], 8 / WIDER_OF_FOUR],
    // No design effect can be seen: 8² / (4 · 2²), as if all of a pair agreed.
    ["values all alike", [1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 2, 2, 3, 3, 4, 4], 4 / WIDER_OF_FOUR],
    // Mean 2/7, so that the clusters pull by 1 - 2/7, 0 - 4/7, 1 - 4/7 and 0 - 4/7.
    ["clusters of one, two and more", [1, 0, 0, 1, 0, 0, 0], [7, 4, 4, 5, 5, 6, 6], 7 / unequal()],
  ])("of %s is worked by hand", (_what, values, clusters, expected) => {
    expect(clusteredSize(values, clusters, 0.95)).toBeCloseTo(Math.max(1, expected), 5);
  });

  it("is n where every cluster holds one value, and 1 where one holds all", () => {
    expect(clusteredSize([1, 0, 0, 1, 1], [5, 3, 9, 1, 0], 0.95)).toBe(5);
    expect(clusteredSize([1], [0], 0.95)).toBe(1);
    expect(clusteredSize([1, 0, 0, 1, 1], [2, 2, 2, 2, 2], 0.95)).toBe(1);
  });

  it("is the n of independent values whose Wilson interval is the clustered one", () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(0.8, 0.95, 0.99), (pairs, level) => {
        const [values, clusters] = split(pairs);
        const worth = clusteredSize(values, clusters, level);
        const count = new Set(clusters).size;
        fc.pre(worth > 1 && count < values.length);
        const share = values.reduce((a, b) => a + b, 0) / values.length;
        const [plain, clustered] = [wilson(share * worth, worth, level), clusteredWilson(values, clusters, level)];
        expect(plain.low).toBeCloseTo(clustered.low, 9);
        expect(plain.high).toBeCloseTo(clustered.high, 9);
      }),
    );
  });

  it("stays from 1 to n, whatever the order, the names of the clusters and which value is called 1", () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const [values, clusters] = split(pairs);
        const worth = clusteredSize(values, clusters, 0.95);
        expect(worth).toBeGreaterThanOrEqual(1);
        expect(worth).toBeLessThanOrEqual(values.length);
        const same = [
          clusteredSize(values.toReversed(), clusters.toReversed(), 0.95),
          clusteredSize(
            values,
            clusters.map((cluster) => 1000 - 7 * cluster),
            0.95,
          ),
          clusteredSize(
            values.map((x) => 1 - x),
            clusters,
            0.95,
          ),
        ];
        for (const other of same) expect(other).toBeCloseTo(worth, 9);
      }),
    );
  });

  it("refuses a sample without values, a level that is none, and clusters of another number", () => {
    expect(() => clusteredSize([], [], 0.95)).toThrow("at least one value");
    expect(() => clusteredSize([1, 0], [1, 2], 1)).toThrow(/must/);
    expect(() => clusteredSize([1, 0], [1], 0.95)).toThrow("2 values need 2 cluster numbers");
  });
});

/** The design effect of the unequal clusters above, with (t / z)² of three degrees of freedom. */
function unequal(): number {
  const deviations = [5 / 7, -4 / 7, 3 / 7, -4 / 7];
  const variance = ((4 / 3) * deviations.reduce((sum, x) => sum + x * x, 0)) / 49;
  return Math.max(1, variance / (((2 / 7) * (5 / 7)) / 6)) * WIDER_OF_FOUR;
}

describe("the interval of a quantile of the times of questions asked several times", () => {
  it.each([
    // Questions, calls of each, likeness of their logarithms, most coverage of the interval for independent calls.
    [100, 3, 0, 1],
    [100, 3, 0.5, 0.95],
    [100, 3, 0.9, 0.87],
    [60, 10, 0.5, 0.85],
  ])(
    "holds the true one as often as it says: %d questions, %d calls, correlation %d",
    (questions, calls, alike, most) => {
      const rng = seeded(`${questions}/${calls}/${alike}`);
      const normal = () => normalQuantile(Math.min(1 - 1e-12, Math.max(1e-12, rng.float())));
      const clusters = Uint32Array.from({ length: questions * calls }, (_, i) => Math.floor(i / calls));
      const draws = 300;
      for (const p of [0.5, 0.95]) {
        const truth = Math.exp(normalQuantile(p));
        let [held, naive] = [0, 0];
        for (let draw = 0; draw < draws; draw += 1) {
          const own = Float64Array.from({ length: questions }, normal);
          const times = Float64Array.from(clusters, (question) =>
            Math.exp(Math.sqrt(alike) * own[question]! + Math.sqrt(1 - alike) * normal()),
          );
          const sorted = times.toSorted();
          const at = sorted[Math.ceil(p * sorted.length) - 1]!;
          const worth = clusteredSize(
            times.map((time) => (time <= at ? 1 : 0)),
            clusters,
            0.95,
          );
          const covers = (size: number): boolean => {
            const { low = 0, high = Number.POSITIVE_INFINITY } = quantileInterval(sorted, p, 0.95, size);
            return low <= truth && truth <= high;
          };
          if (covers(worth)) held += 1;
          if (covers(sorted.length)) naive += 1;
        }
        // .92 is 2.4 standard errors of 300 draws below .95.
        expect(held / draws).toBeGreaterThan(0.92);
        expect(naive / draws).toBeLessThanOrEqual(most);
      }
    },
  );
});
