import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Passage } from "../../core/passage.ts";
import { seeded } from "../../core/rng.ts";
import { besideGold, drawPool, shuffled } from "./draw-pool.ts";
import { PLACES, type Place, placeGold } from "./place-gold.ts";

const passage = (id: string, tokens: number, document = id): Passage => ({ id, text: "x".repeat(tokens), document });
const tokensOf = ({ text }: Passage): number => text.length;

/** Where the middle of the gold stands, as a share of the context, and how long it is. */
function read(context: readonly Passage[], gold: readonly Passage[]) {
  const ids = new Set(gold.map(({ id }) => id));
  const before = context.slice(
    0,
    context.findIndex(({ id }) => ids.has(id)),
  );
  const total = (list: readonly Passage[]) => list.reduce((n, p) => n + tokensOf(p), 0);
  return { middle: (total(before) + total(gold) / 2) / total(context), tokens: total(context) };
}

const filling = fc.record({
  tokens: fc.integer({ min: 40, max: 2000 }),
  seed: fc.integer(),
  place: fc.constantFrom<Place>(...PLACES),
  gold: fc.array(fc.double({ min: 0.01, max: 0.16, noNaN: true }), { minLength: 1, maxLength: 2 }),
  sizes: fc.array(fc.double({ min: 0.005, max: 0.4, noNaN: true }), { minLength: 1, maxLength: 12 }),
});

describe("placeGold", () => {
  it("puts the gold's middle into the stated third of a context that is at most one passage short, whatever the sizes", () => {
    fc.assert(
      fc.property(filling, ({ tokens, seed, place, gold: shares, sizes }) => {
        const gold = shares.map((share, i) => passage(`g${i}`, Math.max(1, Math.floor(share * tokens))));
        const many = Array.from({ length: 400 }, (_, i) => {
          const size = Math.max(1, Math.floor(sizes[i % sizes.length]! * tokens));
          return passage(`f${i}`, size);
        });
        const fillers = shuffled(many, seeded(seed));
        const context = placeGold({ gold, fillers, tokens, place, tokensOf });
        fc.pre(context !== undefined);
        const found = read(context!, gold);
        const at = PLACES.indexOf(place);
        expect(found.middle).toBeGreaterThanOrEqual(at / 3);
        expect(found.middle).toBeLessThanOrEqual((at + 1) / 3);
        expect(found.tokens).toBeLessThanOrEqual(tokens);
        const unused = fillers.filter((p) => !context!.includes(p) && tokensOf(p) <= tokens / 4);
        const shortest = Math.min(...unused.map(tokensOf));
        expect(tokens - found.tokens).toBeLessThan(shortest);
        expect(context!.filter(({ id }) => id.startsWith("g")).map(({ id }) => id)).toEqual(gold.map(({ id }) => id));
        expect(new Set(context!.map(({ id }) => id)).size).toBe(context!.length);
      }),
      { numRuns: 300 },
    );
  });

  it("gives every place the same passages, so that the place alone differs", () => {
    const fillers = Array.from({ length: 40 }, (_, i) => passage(`f${i}`, 5 + (i % 7)));
    const gold = [passage("g", 12)];
    const sets = PLACES.map((place) => placeGold({ gold, fillers, tokens: 200, place, tokensOf })!);
    const ids = sets.map((context) => context.map(({ id }) => id));
    expect(ids[1]!.toSorted()).toEqual(ids[0]!.toSorted());
    expect(ids[2]!.toSorted()).toEqual(ids[0]!.toSorted());
    expect(ids[0]!.indexOf("g")).toBeLessThan(ids[1]!.indexOf("g"));
    expect(ids[1]!.indexOf("g")).toBeLessThan(ids[2]!.indexOf("g"));
  });

  it("makes nothing where the corpus cannot fill the context", () => {
    const fillers = [passage("a", 10), passage("b", 900)];
    expect(placeGold({ gold: [passage("g", 10)], fillers, tokens: 1000, place: "first", tokensOf })).toBeUndefined();
  });
});

describe("drawPool", () => {
  const corpus = Array.from({ length: 2000 }, (_, i) => passage(`p${i}`, 1));
  const stream = async function* () {
    yield* corpus;
  };

  it("draws about three times what is wanted, the same for the same seed, and all of a small corpus", async () => {
    const draw = (seed: number, wanted: number) => drawPool(stream(), { corpus: 2000, wanted }, seeded(seed));
    const pool = await draw(1, 100);
    expect(pool.length).toBeGreaterThan(230);
    expect(pool.length).toBeLessThan(370);
    expect(await draw(1, 100)).toEqual(pool);
    expect(await draw(2, 100)).not.toEqual(pool);
    expect(await draw(1, 1000)).toEqual(corpus);
  });
});

describe("besideGold", () => {
  it("leaves out the gold, its documents and copies of its text", () => {
    const gold = [{ id: "g", text: "the answer", document: "d" }];
    const pool = [
      ...gold,
      { id: "next", text: "its neighbour", document: "d" },
      { id: "copy", text: "the answer", document: "e" },
      { id: "judged", text: "gold that is not in the list", document: "f" },
      { id: "other", text: "something else", document: "h" },
    ];
    expect(besideGold(pool, gold, ["g", "judged"]).map(({ id }) => id)).toEqual(["other"]);
  });
});
