import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Passage } from "../core/passage.ts";
import { type Rng, seeded } from "../core/rng.ts";
import { BLOCK_BITS } from "./bm25-bounds.ts";
import { Bm25Index, type Bm25Settings } from "./bm25-index.ts";
import { buildBm25 } from "./build-bm25.ts";
import { exhaustiveBm25 } from "./testing/exhaustive-bm25.ts";
import { stream } from "./testing/reference-corpora.ts";

const SETTINGS: Bm25Settings = { k1: 1.2, b: 0.75, stopWords: "none", stemmer: "none", title: false };
const PASSAGES = 12 << BLOCK_BITS;
const WORDS = 3000;

/** Word n is about n times as rare as the most common one. */
const zipf = (rng: Rng): string => `w${Math.floor(WORDS ** rng.float())}`;

/** Passages of 1 to 40 words; every 16th says again what the one before said, under another id. */
function corpus(): Passage[] {
  const rng = seeded("bm25-scorer");
  let text = "";
  return Array.from({ length: PASSAGES }, (_, at) => {
    const length = 1 + Math.floor(40 * rng.float());
    if (at % 16 !== 0) text = Array.from({ length }, () => zipf(rng)).join(" ");
    return { id: `p${at}`, document: "d", text };
  });
}

let built: Bm25Index;
beforeAll(async () => {
  built = await buildBm25(stream(corpus()), SETTINGS);
});

describe("search over many blocks", () => {
  it.each([
    [1.2, 0.75],
    [0.9, 0.4],
    [0, 0],
    [3, 1],
    [1.2, 0],
  ])("with k1 %d and b %d is the exhaustive search to the last bit", (k1, b) => {
    const index = new Bm25Index(built.arrays, { ...SETTINGS, k1, b });
    const rng = seeded(`queries ${k1} ${b}`);
    for (const k of [1, 2, 10, 100, PASSAGES + 1]) {
      for (let n = 0; n < (k > 100 ? 2 : 12); n += 1) {
        const query = Array.from({ length: 1 + Math.floor(12 * rng.float()) }, () => zipf(rng)).join(" ");
        expect(index.search(query, k)).toEqual(exhaustiveBm25(index, query, k));
      }
    }
  });

  it("does not depend on the order of the query's words", () => {
    const words = ["w1", "w7", "w90", "w2", "w1200", "w35"];
    expect(built.search(words.toReversed().join(" "), 50)).toEqual(built.search(words.join(" "), 50));
  });

  it("leaves nothing behind, whatever was searched before", () => {
    const queries = ["w1 w2 w3", "w500 w1", "w2999 w1200 w3", "w9"];
    const first = queries.map((query) => built.search(query, 10));
    for (const query of queries.toReversed()) built.search(query, 3);
    expect(queries.map((query) => built.search(query, 10))).toEqual(first);
  });

  it.each([0, -1, Number.NaN])("finds nothing for k = %d", (k) => {
    expect(built.search("w1", k)).toEqual([]);
  });
});

describe("search over any corpus", () => {
  it("is the exhaustive search to the last bit", async () => {
    const word = fc.constantFrom("aa", "bb", "cc", "dd", "ee", "ff");
    const text = fc.array(word, { maxLength: 9 }).map((list) => list.join(" "));
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 40 }),
        text,
        fc.integer({ min: 1, max: 12 }),
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (texts, query, k, k1, b) => {
          const passages = texts.map((t, at) => ({ id: `d${at}`, document: "d", text: t }));
          const index = await buildBm25(stream(passages), { ...SETTINGS, k1, b });
          expect(index.search(query, k)).toEqual(exhaustiveBm25(index, query, k));
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("pairs of frequency and length", () => {
  it("are numbered in 32 bits where 16 do not suffice, and found again", async () => {
    // 370 lengths, each with the frequencies 1 to 180.
    const passages = Array.from({ length: 370 }, (_, n): Passage => {
      const text = Array.from({ length: 180 }, (_, f) => `f${f} `.repeat(f + 1)).join("") + "x0 ".repeat(n * 200);
      return { id: `d${n}`, document: "d", text };
    });
    const index = await buildBm25(stream(passages), SETTINGS);
    expect(index.arrays.pairFrequency.length).toBeGreaterThan(0x1_0000);
    expect(index.arrays.postingPair).toBeInstanceOf(Uint32Array);
    for (const query of ["f3 f170 x0", "f0", "x0 f55 f56"]) {
      expect(index.search(query, 7)).toEqual(exhaustiveBm25(index, query, 7));
    }
  });
});
