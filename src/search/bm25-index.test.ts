import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Passage } from "../core/passage.ts";
import type { Bm25Settings } from "./bm25-index.ts";
import { buildBm25 } from "./build-bm25.ts";
import { stream } from "./testing/reference-corpora.ts";
import { words } from "./words.ts";

const PLAIN: Bm25Settings = { k1: 1.2, b: 0.75, stopWords: "none", stemmer: "none", title: true };
const passage = (id: string, text: string, title?: string): Passage => ({
  id,
  text,
  document: id,
  ...(title === undefined ? {} : { title }),
});
const build = (passages: readonly Passage[], settings = PLAIN) => buildBm25(stream(passages), settings);

/** The formula as it is written, over lists of words. */
function naiveScores(passages: readonly Passage[], query: string, { k1, b }: Bm25Settings): Map<string, number> {
  const texts = passages.map((p) => words(`${p.title ?? ""}\n${p.text}`));
  const average = texts.reduce((sum, t) => sum + t.length, 0) / texts.length;
  const scores = new Map<string, number>();
  for (const [at, text] of texts.entries()) {
    let score = 0;
    for (const token of words(query)) {
      const frequency = text.filter((word) => word === token).length;
      const having = texts.filter((t) => t.includes(token)).length;
      const idf = Math.log(1 + (texts.length - having + 0.5) / (having + 0.5));
      if (frequency > 0) score += idf * (frequency / (frequency + k1 * (1 - b + (b * text.length) / average)));
    }
    if (score > 0) scores.set(passages[at]!.id, score);
  }
  return scores;
}

describe("Bm25Index", () => {
  it("scores two passages as worked by hand", async () => {
    // N = 2, avgdl = 3. "cat": df 1, idf = ln(1 + 1.5 / 1.5) = ln 2. d1: tf 2, dl 4; 2 / (2 + 1.2 (.25 + .75 · 4/3)) = 2 / 3.5
    const index = await build([passage("d1", "cat cat dog dog"), passage("d2", "dog bird")]);
    expect(index.averageLength).toBe(3);
    expect(index.search("cat", 10)).toEqual([["d1", expect.closeTo((Math.LN2 * 2) / 3.5, 12)]]);
    expect(index.idf("dog")).toBeCloseTo(Math.log(1.2), 12);
    expect(index.documentFrequency("dog")).toBe(2);
    expect(index.documentFrequency("fish")).toBe(0);
  });

  it("equals the formula computed naively on any corpus", async () => {
    const word = fc.constantFrom("aa", "bb", "cc", "dd", "ee", "ff");
    const text = fc.array(word, { maxLength: 8 }).map((list) => list.join(" "));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(text, fc.option(text, { nil: undefined })), { minLength: 1, maxLength: 12 }),
        text,
        async (rows, query) => {
          const passages = rows.map(([body, title], at) => passage(`d${at}`, body, title));
          const expected = naiveScores(passages, query, PLAIN);
          const got = new Map((await build(passages)).search(query, 100));
          expect([...got.keys()].sort()).toEqual([...expected.keys()].sort());
          for (const [id, score] of expected) expect(got.get(id)).toBeCloseTo(score, 12);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("gives at most k hits, the same that a larger k begins with", async () => {
    const index = await build(Array.from({ length: 50 }, (_, at) => passage(`d${at}`, `cat ${"dog ".repeat(at % 7)}`)));
    const all = index.search("cat dog", 50);
    expect(all).toHaveLength(50);
    for (const k of [1, 2, 7, 49]) expect(index.search("cat dog", k)).toEqual(all.slice(0, k));
  });

  it("breaks ties by id, descending by bytes, whatever the order of the corpus", async () => {
    const ids = ["p1", "p10", "p2", "é", "z"];
    const hits = async (list: string[]) => (await build(list.map((id) => passage(id, "same text")))).search("same", 9);
    expect((await hits(ids)).map(([id]) => id)).toEqual(["é", "z", "p2", "p10", "p1"]);
    expect(await hits(ids.toReversed())).toEqual(await hits(ids));
  });

  it("leaves nothing behind from one query to the next", async () => {
    const index = await build([passage("a", "cat dog"), passage("b", "dog bird")]);
    const first = index.search("cat dog bird", 5);
    index.search("dog", 1);
    expect(index.search("cat dog bird", 5)).toEqual(first);
  });

  it("reads the title only when told to", async () => {
    const passages = [passage("a", "body", "heading"), passage("b", "body")];
    expect((await build(passages)).search("heading", 5).map(([id]) => id)).toEqual(["a"]);
    expect((await build(passages, { ...PLAIN, title: false })).search("heading", 5)).toEqual([]);
  });

  it("stems and drops stop words on both sides", async () => {
    const index = await build([passage("a", "The rankings of passages")], {
      ...PLAIN,
      stopWords: "lucene",
      stemmer: "snowball-english",
    });
    expect(index.search("ranked", 5).map(([id]) => id)).toEqual(["a"]);
    expect(index.search("the of", 5)).toEqual([]);
    expect(index.tokens).toBe(2);
  });

  it.each([
    ["no passages", []],
    ["empty passages only", [passage("a", ""), passage("b", "… !")]],
  ])("finds nothing among %s", async (_title, passages) => {
    const index = await build(passages);
    expect(index.documents).toBe(passages.length);
    expect(index.search("anything", 5)).toEqual([]);
    expect(index.idf("anything")).toBeGreaterThan(0);
  });

  it.each(["", "   ", "?!", "\u0000\u001b[2J", "__proto__", "constructor toString"])(
    "finds nothing for %j",
    async (query) => {
      expect((await build([passage("a", "plain words")])).search(query, 5)).toEqual([]);
    },
  );

  it("keeps ids as they are", async () => {
    const ids = ["__proto__", "../../x", "\ufeffbom", "日本", "a b\tc", ""];
    const index = await build(ids.map((id) => passage(id, "same")));
    expect(
      index
        .search("same", 10)
        .map(([id]) => id)
        .sort(),
    ).toEqual([...ids].sort());
  });

  it("counts a term at most 65,535 times in a passage", async () => {
    const index = await build([passage("a", "cat ".repeat(70_000)), passage("b", "dog")]);
    expect(index.arrays.lengths[0]).toBe(70_000);
    const { postingPair, pairFrequency } = index.arrays;
    expect(pairFrequency[postingPair[0]!]).toBe(65_535);
  });
});

describe("buildBm25", () => {
  it("stops with the signal's reason", async () => {
    const controller = new AbortController();
    const reason = new Error("stop");
    async function* endless(): AsyncGenerator<Passage> {
      for (let n = 0; ; n += 1) {
        if (n === 5000) controller.abort(reason);
        yield passage(String(n), "some words");
      }
    }
    await expect(buildBm25(endless(), PLAIN, { signal: controller.signal })).rejects.toBe(reason);
  });

  it("says how many passages it has read", async () => {
    const seen: number[] = [];
    const passages = Array.from({ length: 5000 }, (_, at) => passage(String(at), "word"));
    await buildBm25(stream(passages), PLAIN, { onProgress: (done) => seen.push(done) });
    expect(seen).toEqual([4096, 5000]);
  });

  it("hands on what the corpus throws", async () => {
    async function* broken(): AsyncGenerator<Passage> {
      yield passage("a", "x");
      throw new Error("line 2 is torn");
    }
    await expect(buildBm25(broken(), PLAIN)).rejects.toThrow("line 2 is torn");
  });
});
