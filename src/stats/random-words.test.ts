import { describe, expect, it } from "vitest";
import { type Rng, seeded } from "../core/rng.ts";
import { RandomWords } from "./random-words.ts";

/** An Rng whose words are those given, then zeros. */
function fixed(...words: number[]): Rng {
  let at = 0;
  const uint32 = () => words[at++] ?? 0;
  return { seed: "fixed", uint32, float: () => uint32() / 2 ** 32, below: () => 0, fork: () => fixed(...words) };
}

describe("RandomWords", () => {
  it("from state 1, 2, 3, 4 gives the published sequence of xoshiro128**", () => {
    const words = new Uint32Array(10);
    new RandomWords(fixed(1, 2, 3, 4)).fill(words);
    expect([...words]).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it("goes on where the block before ended", () => {
    const whole = new Uint32Array(1000);
    new RandomWords(seeded(3)).fill(whole);
    const source = new RandomWords(seeded(3));
    const parts = [1, 499, 500].flatMap((size) => {
      const part = new Uint32Array(size);
      source.fill(part);
      return [...part];
    });
    expect(parts).toEqual([...whole]);
  });

  it("depends on the seed alone, not on what was drawn before", () => {
    const rng = seeded(4);
    const [first, second] = [new Uint32Array(5), new Uint32Array(5)];
    new RandomWords(rng).fill(first);
    rng.uint32();
    new RandomWords(rng).fill(second);
    expect(second).toEqual(first);
  });

  it("moves even when seeded with zeros", () => {
    const words = new Uint32Array(100);
    new RandomWords(fixed()).fill(words);
    expect(new Set(words).size).toBeGreaterThan(90);
  });

  it("sets every bit half of the time", () => {
    const n = 20_000;
    const words = new Uint32Array(n);
    new RandomWords(seeded("bits")).fill(words);
    for (let bit = 0; bit < 32; bit++) {
      const ones = words.reduce((count, word) => count + ((word >>> bit) & 1), 0);
      // 4.5 standard errors of a fair coin: 1 in 5,000 for all 32 bits together, and the seed is fixed.
      expect(Math.abs(ones - n / 2), `bit ${bit}`).toBeLessThan(4.5 * Math.sqrt(n / 4));
    }
  });
});
