import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sampleIds } from "./sample-ids.ts";

const ids = (n: number): string[] => Array.from({ length: n }, (_, i) => `q${i}`);

async function* each(values: readonly string[]): AsyncGenerator<string> {
  yield* values;
}

const sample = async (from: readonly string[], n: number, seed = 0): Promise<string[]> =>
  [...(await sampleIds(each(from), n, seed))].sort();

describe("a sample of ids", () => {
  it("has n different ids of those there are, or all of fewer", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.string()), fc.nat({ max: 40 }), fc.integer(), async (all, n, seed) => {
        const drawn = await sample(all, n, seed);
        expect(drawn).toHaveLength(Math.min(n, all.length));
        expect(all).toEqual(expect.arrayContaining(drawn));
      }),
    );
  });

  it("does not depend on the order of the ids, and a smaller one is part of a larger", async () => {
    const large = await sample(ids(3_000), 1_400);
    expect(await sample(ids(3_000).reverse(), 1_400)).toEqual(large);
    expect(large).toEqual(expect.arrayContaining(await sample(ids(3_000), 30)));
  });

  it("is another by another seed", async () => {
    expect(await sample(ids(1_000), 20, 1)).not.toEqual(await sample(ids(1_000), 20, 2));
  });

  it("draws each id equally often", async () => {
    const counts = new Map(ids(20).map((id) => [id, 0]));
    const draws = 2_000;
    for (let seed = 0; seed < draws; seed++)
      for (const id of await sample(ids(20), 5, seed)) counts.set(id, counts.get(id)! + 1);
    // Chi-squared over 20 ids, each drawn with chance 1/4; its 99.9 % point at 19 degrees of freedom is 43.8.
    const expected = draws / 4;
    const chi =
      [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / (expected * 0.75), 0) * (19 / 20);
    expect(chi).toBeLessThan(43.8);
  });
});
