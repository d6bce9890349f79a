import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ExactTop } from "./exact-top.ts";

/** The best of one slab as TopK gives them: scores descending, the smaller row first. */
function slabTop(scores: readonly number[], k: number): readonly (readonly [row: number, score: number])[] {
  return scores
    .map((score, row) => [row, score] as const)
    .sort(([a, x], [b, y]) => y - x || a - b)
    .slice(0, k);
}

describe("ExactTop", () => {
  it("merges slabs of any size into what one slab of everything gives, for every query", () => {
    const score = fc.integer({ min: 0, max: 5 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(score, score), { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 25 }),
        (pairs, slab, k) => {
          const top = new ExactTop(2, k);
          for (let start = 0; start < pairs.length; start += slab) {
            const part = pairs.slice(start, start + slab);
            const found = Math.min(k, part.length);
            const best = [0, 1].flatMap((q) =>
              slabTop(
                part.map((pair) => pair[q]!),
                found,
              ),
            );
            const scores = Float32Array.from(best, ([, s]) => s);
            const rows = BigInt64Array.from(best, ([row]) => BigInt(row));
            top.add(scores, rows, found, start);
          }
          expect(top.count).toBe(Math.min(k, pairs.length));
          for (const q of [0, 1]) {
            const all = pairs.map((pair) => pair[q]!);
            expect([...top.hits(q)]).toEqual(slabTop(all, k));
          }
        },
      ),
    );
  });

  it("has no hits before the first slab", () => {
    const top = new ExactTop(1, 3);
    expect([...top.hits(0)]).toEqual([]);
    expect(top.count).toBe(0);
  });

  it("counts rows beyond 2^32", () => {
    const top = new ExactTop(1, 1);
    top.add(Float32Array.of(1), BigInt64Array.of(7n), 1, 2 ** 40);
    expect([...top.hits(0)]).toEqual([[2 ** 40 + 7, 1]]);
  });
});
