import { describe, expect, it } from "vitest";
import { seeded } from "../core/rng.ts";
import { RandomIndices } from "./random-indices.ts";
import { RandomWords } from "./random-words.ts";

describe("RandomIndices", () => {
  it.each([1, 2, 3, 7, 1000, 4096, 4097, 65_537, 3_000_000])("stays in [0, %d) and reaches both ends", (n) => {
    const indices = new Uint32Array(20_000);
    new RandomIndices(seeded(n), n).fill(indices);
    expect(indices.every((i) => i < n)).toBe(true);
    const least = indices.reduce((a, b) => Math.min(a, b));
    const most = indices.reduce((a, b) => Math.max(a, b));
    // The chance that no draw falls into the first (or last) thousandth is e^-20.
    expect(least).toBeLessThanOrEqual(n / 1000);
    expect(most).toBeGreaterThanOrEqual(n - 1 - n / 1000);
  });

  it.each([3, 10, 1000, 4095, 4999])("is uniform on [0, %d): chi-square within 5 standard deviations", (n) => {
    const draws = 100 * n;
    const indices = new Uint32Array(draws);
    new RandomIndices(seeded(`uniform/${n}`), n).fill(indices);
    const counts = new Float64Array(n);
    for (const i of indices) counts[i]!++;
    const chiSquare = counts.reduce((total, count) => total + (count - 100) ** 2 / 100, 0);
    expect(Math.abs(chiSquare - (n - 1))).toBeLessThan(5 * Math.sqrt(2 * (n - 1)));
  });

  it("gives the same numbers in one block as in several", () => {
    for (const n of [1000, 5000]) {
      const whole = new Uint32Array(9000);
      new RandomIndices(seeded(5), n).fill(whole);
      const source = new RandomIndices(seeded(5), n);
      // Even blocks: an odd one drops the second half of its last word.
      const first = new Uint32Array(4000);
      const second = new Uint32Array(5000);
      source.fill(first);
      source.fill(second);
      const agreeing = [...first, ...second].filter((x, i) => x === whole[i]).length;
      expect(agreeing).toBeGreaterThanOrEqual(n > 4096 ? 9000 : 4000);
    }
  });

  it("is Lemire's multiply and reject on halves of words, written naively", () => {
    const n = 1000;
    const words = new Uint32Array(4096);
    new RandomWords(seeded(8)).fill(words);
    const naive: number[] = [];
    for (const word of words) {
      for (const half of [word % 65_536, Math.floor(word / 65_536)]) {
        const product = half * n;
        if (product % 65_536 >= 65_536 % n) naive.push(Math.floor(product / 65_536));
      }
    }
    const indices = new Uint32Array(5000);
    new RandomIndices(seeded(8), n).fill(indices);
    expect([...indices]).toEqual(naive.slice(0, 5000));
  });
});
