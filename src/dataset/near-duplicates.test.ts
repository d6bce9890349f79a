import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seeded } from "../core/rng.ts";
import { hasShared, shared } from "../lib/testing/shared.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { openDataset } from "./dataset.ts";
import { importDataset } from "./import/import-dataset.ts";
import { nearDuplicates } from "./near-duplicates.ts";
import { bandWidth } from "./near-duplicates-bands.ts";
import { agreement, jaccard, MinHash, shinglesOf } from "./near-duplicates-minhash.ts";
import { collect, tempDataset } from "./testing/temp-dataset.ts";

const corpusOf = (...texts: string[]) =>
  tempDataset({
    "corpus.jsonl": texts.map((text, i) => ({ _id: `p${i}`, text })),
    "queries.jsonl": [],
    "qrels/test.tsv": "",
  });
const find = async (texts: string[], options?: Parameters<typeof nearDuplicates>[1]) =>
  nearDuplicates({ dir: await corpusOf(...texts) }, options);

/** Groups by comparing every pair. */
function bruteForce(
  texts: readonly string[],
  threshold: number,
  shingle: number,
): { groups: number[][]; pairs: number } {
  const sets = texts.map((text) => shinglesOf(text, shingle));
  const parent = texts.map((_, i) => i);
  const root = (i: number): number => (parent[i] === i ? i : root(parent[i]!));
  let pairs = 0;
  for (let i = 0; i < sets.length; i += 1) {
    for (let j = i + 1; j < sets.length; j += 1) {
      const [a, b] = [sets[i]!, sets[j]!];
      const same = texts[i] === texts[j];
      if (!same && Math.min(a.length, b.length) < threshold * Math.max(a.length, b.length)) continue;
      if (!same && jaccard(a, b) < threshold) continue;
      pairs += 1;
      const [low, high] = [root(i), root(j)].sort((x, y) => x - y) as [number, number];
      parent[high] = low;
    }
  }
  const groups = new Map<number, number[]>();
  for (const i of texts.keys()) groups.set(root(i), [...(groups.get(root(i)) ?? []), i]);
  return { groups: [...groups.values()].filter((group) => group.length > 1), pairs };
}

describe("shinglesOf", () => {
  it.each([
    ["every run of words", "a b c d", 3, 2],
    ["each once", "a b a b a b", 2, 2],
    ["all words where there are fewer", "a b", 3, 1],
    ["nothing of no words", " … ", 3, 0],
  ])("makes %s", (_name, text, size, count) => {
    expect(shinglesOf(text, size).length).toBe(count);
  });

  it("does not look at case, punctuation, white space and width", () => {
    expect(shinglesOf("The  ＱＵＩＣＫ, brown\nfox!", 2)).toEqual(shinglesOf("the quick brown fox", 2));
  });

  it("looks at the order of words", () => {
    expect(jaccard(shinglesOf("a b c", 3), shinglesOf("c b a", 3))).toBe(0);
  });
});

describe("jaccard", () => {
  it.each([
    [[], [], 0],
    [[1], [], 0],
    [[1, 2], [1, 2], 1],
    [[1, 2, 3], [2, 3, 4], 0.5],
    [[1, 9], [2, 3, 9], 0.25],
  ])("of %j and %j is %d", (a, b, expected) => {
    expect(jaccard(Uint32Array.from(a), Uint32Array.from(b))).toBe(expected);
  });

  it("equals shared by all, by definition", () => {
    const set = fc.uniqueArray(fc.nat(30)).map((values) => values.sort((x, y) => x - y));
    fc.assert(
      fc.property(set, set, (a, b) => {
        const all = new Set([...a, ...b]).size;
        const value = jaccard(Uint32Array.from(a), Uint32Array.from(b));
        expect(value).toBe(all === 0 ? 0 : a.filter((x) => b.includes(x)).length / all);
      }),
    );
  });
});

describe("MinHash", () => {
  it("estimates the similarity without bias, with the spread of a share of 128", () => {
    const minHash = new MinHash(128);
    const rng = seeded(7);
    for (const similarity of [0.2, 0.5, 0.8, 0.95]) {
      const errors: number[] = [];
      for (let i = 0; i < 200; i += 1) {
        const all = Uint32Array.from({ length: 200 }, () => Math.floor(rng.float() * 2 ** 32));
        const shared = Math.round(similarity * 200);
        const own = (200 - shared) / 2;
        const [a, b] = [new Uint16Array(128), new Uint16Array(128)];
        minHash.sign(all.subarray(0, shared + own), a);
        minHash.sign(Uint32Array.from([...all.subarray(0, shared), ...all.subarray(shared + own)]), b);
        errors.push(agreement(a, b) - similarity);
      }
      const mean = errors.reduce((sum, e) => sum + e, 0) / errors.length;
      const spread = Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / errors.length);
      const expected = Math.sqrt((similarity * (1 - similarity)) / 128);
      expect(Math.abs(mean)).toBeLessThan((4 * expected) / Math.sqrt(200));
      expect(spread / expected).toBeGreaterThan(0.8);
      expect(spread / expected).toBeLessThan(1.25);
    }
  });
});

describe("bandWidth", () => {
  it("is the largest that finds 999 of 1,000 pairs at the threshold", () => {
    for (const threshold of [0.3, 0.5, 0.7, 0.8, 0.9, 0.99]) {
      const recall = (r: number) => 1 - (1 - threshold ** r) ** Math.floor(128 / r);
      expect(recall(bandWidth(threshold))).toBeGreaterThanOrEqual(0.999);
      expect(recall(bandWidth(threshold) + 1)).toBeLessThan(0.999);
    }
    expect([bandWidth(0.8), bandWidth(1)]).toEqual([5, 128]);
  });
});

const LONG =
  "Within thirty days of delivery you may return any item that is unused and in its own box for a full refund";

describe("nearDuplicates", () => {
  it("finds one text several times, and texts of nearly the same words", async () => {
    const found = await find([
      LONG,
      "Something else",
      `${LONG}.`,
      LONG,
      LONG.replace("unused", "intact"),
      "something  else",
    ]);
    expect(found).toEqual({
      passages: 6,
      distinctTexts: 5,
      exact: [["p0", "p3"]],
      near: [
        { passages: ["p0", "p2", "p3"], similarity: 1 },
        { passages: ["p1", "p5"], similarity: 1 },
      ],
      threshold: 0.8,
      shingle: 3,
    });
    const wider = await find([LONG, LONG.replace("unused", "intact")], { threshold: 0.7 });
    // 20 shingles each, of which the three with that word differ.
    expect(wider.near).toEqual([{ passages: ["p0", "p1"], similarity: Math.fround(17 / 23) }]);
  });

  it("groups who is like a member, though not like all", async () => {
    const words = Array.from({ length: 40 }, (_, i) => `w${i}`);
    const texts = [0, 3, 6].map((shift) =>
      [...words.slice(shift), ...words.slice(0, shift).map((w) => `${w}x`)].join(" "),
    );
    const found = await find(texts, { threshold: 0.8 });
    expect(found.near.map((group) => group.passages)).toEqual([["p0", "p1", "p2"]]);
    expect(found.near[0]!.similarity).toBeCloseTo(35 / 41, 6);
  });

  it("finds nothing where nothing is alike, and nothing in nothing", async () => {
    expect((await find(["one two three", "four five six", ""])).near).toEqual([]);
    expect(await find([])).toMatchObject({ passages: 0, distinctTexts: 0, exact: [], near: [] });
  });

  it("takes texts without words for duplicates only when they are equal", async () => {
    expect(await find(["…", "!", "…", ""])).toMatchObject({
      distinctTexts: 3,
      exact: [["p0", "p2"]],
      near: [{ passages: ["p0", "p2"], similarity: 1 }],
    });
  });

  it("equals comparing every pair", async () => {
    const rng = seeded(3);
    const word = () => `w${Math.floor(rng.float() * 400)}`;
    const texts: string[] = [];
    for (let i = 0; i < 120; i += 1) {
      const base = Array.from({ length: 30 }, word);
      for (let copy = 0; copy < 3; copy += 1) {
        texts.push(base.map((w) => (rng.float() < 0.03 ? word() : w)).join(" "));
      }
    }
    for (const [threshold, shingle] of [
      [0.5, 1],
      [0.7, 2],
      [0.8, 3],
      [0.9, 3],
    ] as const) {
      const found = await find(texts, { threshold, shingle });
      const groups = found.near.map((group) => group.passages.map((id) => Number(id.slice(1))));
      const byFirst = (a: number[], b: number[]) => a[0]! - b[0]!;
      expect(groups.sort(byFirst)).toEqual(bruteForce(texts, threshold, shingle).groups.sort(byFirst));
      expect(groups.length).toBeGreaterThan(20);
    }
  });

  it.each([{ threshold: 0 }, { threshold: 1.1 }, { threshold: Number.NaN }, { shingle: 0 }, { shingle: 1.5 }])(
    "refuses %j",
    async (options) => {
      await expect(find(["a"], options)).rejects.toMatchObject({ code: "E_ARGUMENT" });
    },
  );

  it("says which row of the corpus is wrong", async () => {
    const dir = await tempDataset({ "corpus.jsonl": '{"_id":"a"}\n' });
    await expect(nearDuplicates({ dir })).rejects.toMatchObject({ code: "E_DATASET_ROW" });
  });

  it.skipIf(!hasShared)(
    "localrqa-faire: 1,705 distinct texts in 1,757 passages, and the groups that brute force finds",
    async () => {
      const dir = join(await tempFolder(), "faire");
      await importDataset({ from: "localrqa", source: shared("data/localrqa-faire"), into: dir });
      const found = await nearDuplicates({ dir });
      const passages = await collect((await openDataset(dir)).passages());
      const rows = new Map(passages.map(({ id }, i) => [id, i]));
      const groups = found.near.map(({ passages }) => passages.map((id) => rows.get(id)!).sort((a, b) => a - b));
      const expected = bruteForce(
        passages.map((p) => p.text),
        0.8,
        3,
      );
      expect([found.passages, found.distinctTexts]).toEqual([1757, 1705]);
      expect([found.exact.length, found.exact.flat().length]).toEqual([38, 90]);
      expect([found.near.length, found.near.flatMap((g) => g.passages).length]).toEqual([137, 325]);
      expect(expected.pairs).toBe(278);
      const byFirst = (a: number[], b: number[]) => a[0]! - b[0]!;
      expect(groups.sort(byFirst)).toEqual(expected.groups.sort(byFirst));
    },
    30_000,
  );
});
