import { describe, expect, it } from "vitest";
import { seeded } from "./rng.ts";

const draw = (rng: ReturnType<typeof seeded>, n: number): number[] => Array.from({ length: n }, () => rng.uint32());

describe("seeded", () => {
  it("gives the same numbers for the same seed, whether text or number", () => {
    expect(draw(seeded(7), 5)).toEqual(draw(seeded("7"), 5));
    expect(draw(seeded(7), 5)).not.toEqual(draw(seeded(8), 5));
  });

  it("stays the same from version to version, because figures in logs depend on it", () => {
    expect(draw(seeded("0").fork("bootstrap/bm25/nDCG@10"), 3)).toMatchInlineSnapshot(`
      [
        3575751728,
        3861045737,
        1436282753,
      ]
    `);
  });

  it("forks by label alone, however many numbers were drawn before", () => {
    const used = seeded(1);
    draw(used, 100);
    expect(draw(used.fork("a"), 4)).toEqual(draw(seeded(1).fork("a"), 4));
    expect(draw(seeded(1).fork("a"), 4)).not.toEqual(draw(seeded(1).fork("b"), 4));
    expect(seeded(1).fork("a").fork("b").seed).toBe("1/a/b");
  });

  it("draws floats in [0, 1) with mean 1/2 and variance 1/12", () => {
    const rng = seeded("floats");
    const xs = Array.from({ length: 100_000 }, () => rng.float());
    const mean = xs.reduce((s, x) => s + x, 0) / xs.length;
    const variance = xs.reduce((s, x) => s + (x - mean) ** 2, 0) / xs.length;
    expect(Math.min(...xs.slice(0, 1000))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...xs.slice(0, 1000))).toBeLessThan(1);
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / xs.length));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.002);
  });

  it.each([2, 3, 7, 10, 1000])("draws below %i evenly (chi-square within 5 standard deviations)", (n) => {
    const rng = seeded(`below ${n}`);
    const draws = 20_000;
    const counts = new Array<number>(n).fill(0);
    for (let i = 0; i < draws; i += 1) counts[rng.below(n)]! += 1;
    const chi = counts.reduce((s, c) => s + (c - draws / n) ** 2 / (draws / n), 0);
    expect(Math.abs(chi - (n - 1))).toBeLessThan(5 * Math.sqrt(2 * (n - 1)));
  });

  it("draws 0 below 1 and every 32-bit value below 2^32", () => {
    const rng = seeded("edges");
    expect(rng.below(1)).toBe(0);
    expect(rng.below(2 ** 32)).toBeLessThan(2 ** 32);
  });
});
