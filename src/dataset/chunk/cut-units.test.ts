import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_CUT } from "./cut-levels.ts";
import { cutUnits } from "./cut-units.ts";

/** `5` is a plain border; a lower digit a more welcome one; `x` none. */
const levels = (signs: string): Uint8Array => Uint8Array.from(signs, (c) => (c === "x" ? NO_CUT : Number(c)));

describe("cutUnits", () => {
  it.each<[string, string, number, number, [number, number][]]>([
    ["one piece where all fits", "555", 3, 0, [[0, 3]]],
    [
      "full pieces where no place is welcome",
      "55555",
      2,
      0,
      [
        [0, 2],
        [2, 4],
        [4, 5],
      ],
    ],
    [
      "an overlap as stated where no place is welcome",
      "555555",
      4,
      2,
      [
        [0, 4],
        [2, 6],
      ],
    ],
    [
      "an end at the most welcome place of the second half",
      "555535545",
      6,
      0,
      [
        [0, 4],
        [4, 9],
      ],
    ],
    [
      "no end in the first half, however welcome",
      "505555555",
      6,
      0,
      [
        [0, 6],
        [6, 9],
      ],
    ],
    [
      "the last of several equal places",
      "55553435555",
      7,
      0,
      [
        [0, 6],
        [6, 11],
      ],
    ],
    [
      "an overlap from the most welcome place in its first half",
      "5555515555",
      8,
      4,
      [
        [0, 5],
        [1, 9],
        [5, 10],
      ],
    ],
    [
      "a longer piece where one character has more tokens than fit",
      "5xxx55",
      2,
      1,
      [
        [0, 4],
        [4, 6],
      ],
    ],
    ["nothing of nothing", "", 3, 0, []],
  ])("gives %s", (_name, signs, size, overlap, expected) => {
    expect(cutUnits(levels(signs), size, overlap)).toEqual(expected);
  });

  it("shortens a piece that does not fit after all", () => {
    expect(cutUnits(levels("555555"), 3, 0, (from, to) => to - from <= 2)).toEqual([
      [0, 2],
      [2, 4],
      [4, 6],
    ]);
  });

  it("goes on where nothing ever fits", () => {
    expect(cutUnits(levels("555"), 2, 1, () => false)).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
  });

  it("covers every unit, keeps size and overlap, always goes on, and fills all but the last piece half", () => {
    const row = fc.array(fc.nat(5), { minLength: 1, maxLength: 60 });
    const settings = fc.integer({ min: 1, max: 20 }).chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1)));
    fc.assert(
      fc.property(row, settings, (row, [size, overlap]) => {
        const cuts = cutUnits(Uint8Array.from(row), size, overlap);
        expect(cuts[0]![0]).toBe(0);
        expect(cuts.at(-1)![1]).toBe(row.length);
        for (const [i, [from, to]] of cuts.entries()) {
          expect(to - from).toBeLessThanOrEqual(size);
          if (i < cuts.length - 1) expect(to - from).toBeGreaterThanOrEqual(Math.ceil(size / 2));
          if (i === 0) continue;
          const [before, end] = cuts[i - 1]!;
          expect(from).toBeGreaterThan(before);
          expect(to).toBeGreaterThan(end);
          expect(from).toBeLessThanOrEqual(end);
          expect(end - from).toBeLessThanOrEqual(overlap);
        }
      }),
    );
  });
});
