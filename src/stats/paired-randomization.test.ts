import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BadArgument } from "../core/errors.ts";
import { seeded } from "../core/rng.ts";
import { hasShared } from "../lib/testing/shared.ts";
import { pairedRandomization } from "./paired-randomization.ts";
import { pairOf, permutationSeeds, significance } from "./testing/significance.ts";

const rng = seeded("randomization");
const small = fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 12 });
const large = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 40, maxLength: 80 });

describe("pairedRandomization", () => {
  it.each([
    // differences, p: by hand, assignments with at least the observed absolute sum ÷ 2^m
    ["five wins: only all plus and all minus", [1, 1, 1, 1, 1], 2 / 32],
    ["two wins and a loss of [3, 2, -1]: |±3±2±1| >= 4 in 4 of 8", [3, 2, -1], 4 / 8],
    ["one win and one loss: every sum is at least 0", [1, -1], 1],
    ["one net win of three", [1, 1, -1], 1],
    ["zeros change nothing", [1, 0, 1, 0, 0, 1, 1, 1], 2 / 32],
    ["only zeros", [0, 0, 0], 1],
    ["nothing", [], 1],
  ])("%s", (_, differences, p) => {
    expect(pairedRandomization(differences, { rng })).toMatchObject({ p, method: "exact", seed: "randomization" });
  });

  it("counts ties with the observed sum in spite of rounding: .1 + .2 against .3", () => {
    // |±.1 ± .2 ± .3| >= |.1 + .2 - .3| = 0 always, though the sums differ in the last bits.
    expect(pairedRandomization([0.1, 0.2, -0.3], { rng }).p).toBe(1);
    // Observed .1 + .2 + .3 with the values in any order.
    expect(pairedRandomization([0.3, 0.1, 0.2], { rng }).p).toBe(2 / 8);
  });

  it("enumerates up to 16 nonzero differences and draws beyond", () => {
    expect(pairedRandomization(Array(16).fill(1), { rng })).toMatchObject({ draws: 65_536, p: 2 / 65_536 });
    const drawn = pairedRandomization(Array(17).fill(1), { draws: 999, rng });
    expect(drawn).toMatchObject({ draws: 999, method: "randomization" });
  });

  it("is never 0: the observed assignment counts, (hits + 1) ÷ (draws + 1)", () => {
    expect(pairedRandomization(Array(200).fill(1), { draws: 999, rng }).p).toBe(1 / 1000);
  });

  it("drawn agrees with exact within 4 Monte-Carlo standard errors", () => {
    // 16 differences are enumerated; with a 17th that is next to nothing they are drawn.
    const differences = [5, 3, -2, 4, 1, -1, 6, 2, -3, 2, 4, -5, 1, 3, 2, -2];
    const exact = pairedRandomization(differences, { rng });
    const drawn = pairedRandomization([...differences, 1e-6], { draws: 99_999, rng });
    expect([exact.method, drawn.method]).toEqual(["exact", "randomization"]);
    // The tiny difference splits assignments that tie with the observed one evenly.
    const tiesAway = pairedRandomization([...differences, -1e-6], { draws: 99_999, rng: rng.fork("away") });
    const se = Math.sqrt((exact.p * (1 - exact.p)) / 99_999);
    expect(drawn.p).toBeLessThan(exact.p + 4 * se);
    expect(tiesAway.p).toBeGreaterThan(drawn.p - 8 * se);
  });

  it("does not see which system is which, nor the unit of the metric", () => {
    fc.assert(
      fc.property(small, fc.integer({ min: 1, max: 50 }), (differences, scale) => {
        const { p } = pairedRandomization(differences, { rng });
        expect(
          pairedRandomization(
            differences.map((x) => -x),
            { rng },
          ).p,
        ).toBe(p);
        expect(
          pairedRandomization(
            differences.map((x) => x * scale),
            { rng },
          ).p,
        ).toBe(p);
        expect(pairedRandomization([...differences].reverse(), { rng }).p).toBe(p);
      }),
    );
  });

  it("keeps the sign symmetry and the bounds where assignments are drawn", () => {
    fc.assert(
      fc.property(large, (differences) => {
        const { p } = pairedRandomization(differences, { draws: 999, rng });
        const mirrored = pairedRandomization(
          differences.map((x) => -x),
          { draws: 999, rng },
        );
        expect(mirrored.p).toBe(p);
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
      }),
      { numRuns: 30 },
    );
  });

  it("falls as the same differences move away from 0", () => {
    const noise = Array.from({ length: 60 }, (_, i) => ((i * 29) % 21) - 10);
    const p = [0, 1, 2, 3, 4].map((shift) => {
      const moved = noise.map((x) => x + shift);
      return pairedRandomization(moved, { draws: 9999, rng }).p;
    });
    expect(p).toEqual([...p].sort((a, b) => b - a));
    expect(p.at(-1)).toBeLessThan(0.001);
  });

  it("with clusters flips whole clusters: that is the test of the sums of the clusters", () => {
    const differences = [1, 2, -1, 3, 3, 1, -2];
    const clusters = [0, 0, 1, 1, 2, 2, 3];
    const clustered = pairedRandomization(differences, { rng, clusters });
    expect(clustered.p).toBe(pairedRandomization([3, 2, 4, -2], { rng }).p);
    expect(clustered.draws).toBe(16);
  });

  it.each([998, 1e3 + 0.5, Number.NaN])("refuses %d draws", (draws) => {
    expect(() => pairedRandomization([1, 2], { draws, rng })).toThrow(BadArgument);
  });

  it("refuses differences that are not finite", () => {
    expect(() => pairedRandomization([1, Number.NaN], { rng })).toThrow(BadArgument);
  });
});

describe.skipIf(!hasShared)("pairedRandomization against other tools", () => {
  const data = hasShared ? significance() : undefined;
  const draws = 99_999;

  it.each(Object.entries(data?.tests ?? {}))("%s: the first 12 queries equal the enumeration", (name, test) => {
    const { x, y } = pairOf(data!, name);
    const differences = x.slice(0, 12).map((value, i) => value - y[i]!);
    expect(pairedRandomization(differences, { rng }).p).toBeCloseTo(test.permutation_exact_first12["two-sided"].p, 12);
  });

  it.each(Object.entries(data?.tests ?? {}))("%s: all queries agree with scipy", (name, test) => {
    const { x, y } = pairOf(data!, name);
    const { p } = pairedRandomization(
      x.map((value, i) => value - y[i]!),
      { draws, rng: rng.fork(name) },
    );
    const seeds = permutationSeeds(test);
    const scipy = seeds.reduce((a, b) => a + b, 0) / seeds.length;
    // Ours counts one event of chance p; scipy doubles one of chance p / 2, in each of its seeds.
    const se = Math.sqrt((scipy * (1 - scipy)) / draws + (scipy * (2 - scipy)) / (draws * seeds.length));
    expect(Math.abs(p - scipy)).toBeLessThan(4 * se + 2 / draws);
  });

  it("on right and wrong answers agrees with McNemar's exact test", () => {
    for (const [name, { table, exact }] of Object.entries(data!.mcnemar)) {
      if (table === undefined || exact === undefined) continue;
      const differences = [...Array(table[0]![1]).fill(1), ...Array(table[1]![0]).fill(-1), ...Array(100).fill(0)];
      const { p } = pairedRandomization(differences, { draws, rng: rng.fork(name) });
      const se = Math.sqrt((exact.p * (1 - exact.p)) / draws);
      expect(Math.abs(p - exact.p), name).toBeLessThan(4 * se + 2 / draws);
    }
  });
});
