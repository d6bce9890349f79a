import { describe, expect, it } from "vitest";
import type { Passage } from "../../core/passage.ts";
import type { Ranking } from "../../core/ranking.ts";
import { buildBm25 } from "../../search/build-bm25.ts";
import { BM25_GRID, tuneBm25 } from "./tune-bm25.ts";
import { tuneFusion, WEIGHTS, weightGrid } from "./tune-fusion.ts";

const signal = new AbortController().signal;
const good: Ranking = [
  ["gold", 2],
  ["x", 1],
];
const bad: Ranking = [
  ["x", 2],
  ["gold", 1],
];
const first = (ranking: Ranking): number => (ranking[0]![0] === "gold" ? 1 : 0);

describe("tuneFusion", () => {
  it("gives the weight to the retriever that is right", () => {
    const samples = ["a", "b", "c"].map((cluster) => ({ cluster, rankings: [bad, good] }));
    const tuned = tuneFusion(samples, weightGrid(), first, 3);
    expect(tuned).toMatchObject({ mean: 1, looked: 21, n: 3, crossValidated: { mean: 1, folds: 3 } });
    expect((tuned.setting.weights as number[])[0]).toBeLessThan(0.5);
  });

  it("keeps the even weight where none is better", () => {
    const samples = [{ cluster: "a", rankings: [good, good] }];
    expect(tuneFusion(samples, weightGrid(), first).setting).toEqual({
      method: "convex",
      normalise: "min-max",
      weights: [0.5, 0.5],
    });
  });

  it("may look at other methods beside weights", () => {
    const samples = [{ cluster: "a", rankings: [good, bad] }];
    expect(tuneFusion(samples, [{ method: "rrf", k: 60 }, ...weightGrid([0.5, 1])], first).looked).toBe(3);
  });

  it("looks at 21 weights from 0 to 1, each once", () => {
    expect(WEIGHTS.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 21 }, (_, n) => n / 20));
  });
});

describe("tuneBm25", () => {
  /** The short passage is right: length has to count, which is b above 0. */
  async function* corpus(): AsyncGenerator<Passage> {
    yield { id: "gold", document: "d", text: "harbour" };
    yield { id: "x", document: "d", text: `harbour harbour ${"rain ".repeat(30)}` };
    for (let n = 0; n < 20; n += 1) yield { id: `n${n}`, document: "d", text: "rain and wind ".repeat(n) };
  }
  const SETTINGS = { k1: 1.2, b: 0, stopWords: "none", stemmer: "none", title: false } as const;
  const samples = [
    { text: "harbour", cluster: "a" },
    { text: "the harbour", cluster: "b" },
  ];

  it("finds the constants under which the right passage is first", async () => {
    const index = await buildBm25(corpus(), SETTINGS);
    expect(first(index.search("harbour", 2))).toBe(0);
    const done: number[] = [];
    const tuned = await tuneBm25(index, samples, [{ k1: 1.2, b: 0 }, ...BM25_GRID], first, {
      depth: 2,
      signal,
      folds: 2,
      onProgress: (n) => done.push(n),
    });
    expect(tuned).toMatchObject({ setting: { k1: 1.2, b: 0.75 }, mean: 1, looked: BM25_GRID.length + 1, n: 2 });
    expect(tuned.crossValidated!.mean).toBe(1);
    expect(done.at(-1)).toBe(BM25_GRID.length + 1);
    // The index itself is as it was.
    expect(first(index.search("harbour", 2))).toBe(0);
  });

  it("looks at 36 settings, each once, Lucene's first", () => {
    expect(new Set(BM25_GRID.map(({ k1, b }) => `${k1} ${b}`)).size).toBe(36);
    expect(BM25_GRID).toHaveLength(36);
    expect(BM25_GRID[0]).toEqual({ k1: 1.2, b: 0.75 });
  });

  it("ends when it is aborted", async () => {
    const index = await buildBm25(corpus(), SETTINGS);
    const aborted = AbortSignal.abort(new Error("interrupted"));
    await expect(tuneBm25(index, samples, BM25_GRID, first, { depth: 2, signal: aborted })).rejects.toThrow(
      "interrupted",
    );
  });
});
