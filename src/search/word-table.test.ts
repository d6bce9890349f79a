import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WordTable } from "./word-table.ts";

/** Numbers words in the order first seen, as the table's user does. */
function numbering(): { table: WordTable; value: (word: string) => number; made: string[] } {
  const table = new WordTable();
  const made: string[] = [];
  const make = (word: string): number => made.push(word) - 1;
  return { table, made, value: (word) => table.value(`<${word}>`, 1, 1 + word.length, make) };
}

describe("WordTable", () => {
  it("makes a number once for each word", () => {
    const { value, made } = numbering();
    expect(["cat", "dog", "cat", "ca", "catt", "dog"].map(value)).toEqual([0, 1, 0, 2, 3, 1]);
    expect(made).toEqual(["cat", "dog", "ca", "catt"]);
  });

  it("keeps negative numbers", () => {
    const table = new WordTable();
    expect(table.value("the", 0, 3, () => -1)).toBe(-1);
    expect(table.value("the", 0, 3, () => 7)).toBe(-1);
  });

  it("equals a Map, however many words", () => {
    const { table, value } = numbering();
    const map = new Map<string, number>();
    for (let n = 0; n < 120_000; n += 1) {
      const word = `w${(n * 7919) % 50_021}`;
      if (!map.has(word)) map.set(word, map.size);
      if (value(word) !== map.get(word)) expect(value(word)).toBe(map.get(word));
    }
    expect(table.size).toBe(map.size);
  });

  it("equals a Map on any words", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary", maxLength: 5 })), (list) => {
        const { value } = numbering();
        const map = new Map<string, number>();
        for (const word of list) {
          if (!map.has(word)) map.set(word, map.size);
          expect(value(word)).toBe(map.get(word));
        }
      }),
    );
  });

  it("holds a word longer than its first room", () => {
    const { value } = numbering();
    const long = "x".repeat(200_000);
    expect([long, `${long}y`, long].map(value)).toEqual([0, 1, 0]);
  });

  it("forgets everything when cleared", () => {
    const { table, value, made } = numbering();
    for (const word of ["a", "b", "c"]) value(word);
    table.clear();
    expect(table.size).toBe(0);
    expect(["c", "a", "c"].map(value)).toEqual([3, 4, 3]);
    expect(made).toEqual(["a", "b", "c", "c", "a"]);
  });
});
