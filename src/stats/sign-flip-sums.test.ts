import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seeded } from "../core/rng.ts";
import { RandomWords } from "./random-words.ts";
import { signFlipSums } from "./sign-flip-sums.ts";

const wholeNumbers = (max: number) =>
  fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: max }).map((xs) => Float64Array.from(xs));

/** The sum with the sign of number i flipped where `flips(i)`. */
function naiveSum(numbers: Float64Array, flips: (i: number) => boolean): number {
  return numbers.reduce((total, x, i) => total + (flips(i) ? -x : x), 0);
}

describe("signFlipSums", () => {
  it("observes the plain sum", () => {
    fc.assert(
      fc.property(wholeNumbers(100), (numbers) => {
        expect(signFlipSums(numbers).observed).toBe(numbers.reduce((a, b) => a + b, 0));
      }),
    );
  });

  it("counts over all assignments as a naive enumeration does", () => {
    fc.assert(
      fc.property(wholeNumbers(11), fc.integer({ min: 0, max: 120 }), (numbers, limit) => {
        let hits = 0;
        for (let a = 0; a < 2 ** numbers.length; a++) {
          if (Math.abs(naiveSum(numbers, (i) => ((a >>> i) & 1) === 1)) >= limit) hits++;
        }
        expect(signFlipSums(numbers).countAll(limit)).toBe(hits);
      }),
    );
  });

  it.each([1, 7, 8, 9, 31, 32, 33, 100])("counts over drawn assignments of %d numbers as naive sign flips do", (m) => {
    const numbers = Float64Array.from({ length: m }, (_, i) => ((i * 37) % 11) - 4);
    const draws = 500;
    const wordsPerDraw = Math.ceil(m / 32);
    // The words of one block follow each other without a gap, so one long fill gives the same ones.
    const words = new Uint32Array(draws * wordsPerDraw);
    new RandomWords(seeded("flips")).fill(words);
    let hits = 0;
    for (let draw = 0; draw < draws; draw++) {
      const flips = (i: number) => ((words[draw * wordsPerDraw + (i >>> 5)]! >>> (i & 31)) & 1) === 1;
      if (Math.abs(naiveSum(numbers, flips)) >= 5) hits++;
    }
    expect(signFlipSums(numbers).countDrawn(5, draws, seeded("flips"))).toBe(hits);
  });

  it("refuses to enumerate more than 2^31 assignments", () => {
    expect(() => signFlipSums(new Float64Array(32)).countAll(1)).toThrow(RangeError);
  });
});
