import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Ranking } from "../core/ranking.ts";
import { seeded } from "../core/rng.ts";
import { ExactIndex } from "./exact-index.ts";
import { exactMemory } from "./exact-memory.ts";

const signal = new AbortController().signal;

/** Two loops: every product in doubles, then the rule of ties. */
function naive(ids: readonly string[], vectors: Float32Array, queries: Float32Array, d: number, k: number): Ranking[] {
  return Array.from({ length: queries.length / d }, (_, q) =>
    ids
      .map((id, row): [string, number] => {
        let sum = 0;
        for (let i = 0; i < d; i += 1) sum += vectors[row * d + i]! * queries[q * d + i]!;
        return [id, Math.fround(sum)];
      })
      .sort(([a, x], [b, y]) => y - x || Buffer.compare(Buffer.from(b), Buffer.from(a)))
      .slice(0, k),
  );
}

async function search(
  ids: readonly string[],
  vectors: Float32Array,
  queries: Float32Array,
  [d, k, slab]: readonly [d: number, k: number, slab: number],
): Promise<Ranking[]> {
  return (await ExactIndex.create(exactMemory(ids, vectors, d), { slab, threads: 1 })).search(queries, k, signal);
}

describe("exact search", () => {
  it("is the double loop, ties included, whatever the slab, k and order of the passages", async () => {
    // Small whole numbers have exact products, so that scores are equal to the bit and ties are many.
    const number = fc.integer({ min: -3, max: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4, unit: "grapheme" }), { minLength: 1, maxLength: 40 }),
        fc.array(number, { minLength: 12, maxLength: 12 }),
        fc.array(number, { minLength: 120, maxLength: 120 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 45 }),
        async (ids, query, numbers, k, slab) => {
          const vectors = Float32Array.from({ length: ids.length * 3 }, (_, i) => numbers[i]!);
          const queries = Float32Array.from(query);
          expect(await search(ids, vectors, queries, [3, k, slab])).toEqual(naive(ids, vectors, queries, 3, k));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("ranks 3,000 real-valued vectors as the double loop does, to the last bits of a product's sum", async () => {
    const rng = seeded("exact");
    const [rows, d, count, k] = [3000, 64, 300, 20];
    const random = (n: number): Float32Array => Float32Array.from({ length: n }, () => rng.float() - 0.5);
    const [vectors, queries] = [random(rows * d), random(count * d)];
    const ids = Array.from({ length: rows }, (_, i) => `p${i}`);
    const found = await search(ids, vectors, queries, [d, k, 700]);
    const expected = naive(ids, vectors, queries, d, k);
    for (const [q, ranking] of found.entries()) {
      for (const [i, [id, score]] of ranking.entries()) {
        expect(Math.abs(score - expected[q]![i]![1])).toBeLessThan(1e-5);
        expect(expected[q]!.some(([other, s]) => other === id || Math.abs(s - score) < 1e-5)).toBe(true);
      }
    }
    const same = found.filter((ranking, q) => ranking.every(([id], i) => id === expected[q]![i]![0]));
    expect(same.length).toBeGreaterThanOrEqual(count - 5);
  });

  it("scores equal vectors equally wherever they stand, and ranks them by id descending", async () => {
    const rng = seeded("twins");
    const d = 384;
    const twin = Float32Array.from({ length: d }, () => rng.float());
    const vectors = Float32Array.from({ length: 1000 * d }, () => rng.float() - 0.6);
    const ids = Array.from({ length: 1000 }, (_, i) => String(i));
    const places = [3, 17, 64, 511, 512, 640, 998];
    for (const place of places) vectors.set(twin, place * d);
    for (const count of [1, 2, 33]) {
      const queries = new Float32Array(count * d);
      for (let q = 0; q < count; q += 1) queries.set(twin, q * d);
      for (const ranking of await search(ids, vectors, queries, [d, 7, 256])) {
        expect(ranking.map(([id]) => id)).toEqual(places.map(String).sort().reverse());
        expect(new Set(ranking.map(([, score]) => score)).size).toBe(1);
      }
    }
  });

  it("gives all passages when k is larger than the corpus, and none of an empty one", async () => {
    const vectors = Float32Array.of(1, 2, 3);
    expect(await search(["a", "b", "c"], vectors, Float32Array.of(1), [1, 10, 2])).toEqual([
      [
        ["c", 3],
        ["b", 2],
        ["a", 1],
      ],
    ]);
    expect(await search([], new Float32Array(0), Float32Array.of(1), [1, 10, 2])).toEqual([[]]);
    expect(await search(["a"], Float32Array.of(1), new Float32Array(0), [1, 10, 2])).toEqual([]);
  });

  it("answers searches that were asked at once as those that were asked one by one", async () => {
    const index = await ExactIndex.create(exactMemory(["a", "b"], Float32Array.of(1, 2), 1), { slab: 1 });
    const asked = [1, -1, 3].map((x) => index.search(Float32Array.of(x), 1, signal));
    expect((await Promise.all(asked)).map(([ranking]) => ranking![0])).toEqual([
      ["b", 2],
      ["a", -1],
      ["b", 6],
    ]);
  });

  it.each([
    ["NaN", Float32Array.of(1, Number.NaN), "E_ENCODER_VECTOR"],
    ["infinity", Float32Array.of(Number.NEGATIVE_INFINITY, 0), "E_ENCODER_VECTOR"],
    ["another number of dimensions", Float32Array.of(1, 2, 3), "E_ENCODER_DIMENSIONS"],
  ])("refuses queries with %s", async (_, queries, code) => {
    await expect(search(["a"], Float32Array.of(1, 2), queries, [2, 1, 1])).rejects.toMatchObject({ code });
  });

  it("refuses passages with NaN and names the first", () => {
    expect(() => exactMemory(["a", "b"], Float32Array.of(1, Number.NaN), 1)).toThrow("passage b");
  });

  it.each([0, -1, 1.5, Number.NaN])("refuses k = %d", async (k) => {
    await expect(search(["a"], Float32Array.of(1), Float32Array.of(1), [1, k, 1])).rejects.toThrow("k must be");
  });

  it("stops between slabs when it is aborted", async () => {
    const index = await ExactIndex.create(exactMemory(["a", "b"], Float32Array.of(1, 2), 1), { slab: 1 });
    await expect(index.search(Float32Array.of(1), 1, AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
    expect(await index.search(Float32Array.of(1), 1, signal)).toEqual([[["b", 2]]]);
  });
});
