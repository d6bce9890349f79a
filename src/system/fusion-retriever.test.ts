import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Bm25Config, FusionConfig } from "../config/retriever-schema.ts";
import type { Retriever, TimedSearch } from "../core/contracts.ts";
import type { Ranking } from "../core/ranking.ts";
import { fuse } from "../search/fusion.ts";
import { fusionSettings } from "./build-retriever.ts";
import { fusionRetriever } from "./fusion-retriever.ts";
import { buildForTest } from "./testing/build-for-test.ts";
import { OUTSIDE } from "./testing/outside-corpus.ts";
import { describeRetriever } from "./testing/retriever-conformance.ts";

const signal = new AbortController().signal;
const BM25: Bm25Config = { kind: "bm25", k1: 1.2, b: 0.75, stop_words: "none", stemmer: "none", title: true };
const FUSION: FusionConfig = {
  kind: "fusion",
  of: [BM25, { ...BM25, title: false, b: 0 }],
  method: "convex",
  normalise: "min-max",
  depth: 100,
  rrf_k: 60,
};
const QUERY = { id: "q", text: "ranking of passages by scores" };

const TIMED = { stages: ["bm25 1 search", "bm25 2 search", "fuse"], source: "measured" } as const;
/** Two passages of each part, joined by rank. */
const rrf = (parts: readonly Retriever[], kinds = parts.map(() => "part")) =>
  fusionRetriever(
    parts.map((retriever, at) => ({ kind: kinds[at]!, retriever })),
    { method: "rrf", k: 60 },
    2,
    () => performance.now(),
  );

describeRetriever("fusion, convex", async () => (await buildForTest({ retriever: FUSION }, OUTSIDE)).retriever!, TIMED);
describeRetriever(
  "fusion, rrf",
  async () => (await buildForTest({ retriever: { ...FUSION, method: "rrf" } }, OUTSIDE)).retriever!,
  TIMED,
);

describe("fusionSettings", () => {
  it.each([
    [{}, { method: "convex", normalise: "min-max" }],
    [{ weight: 0.3 }, { method: "convex", normalise: "min-max", weights: [0.3, 0.7] }],
    [{ weights: [2, 1] }, { method: "convex", normalise: "min-max", weights: [2, 1] }],
    [
      { method: "rrf", rrf_k: 10 },
      { method: "rrf", k: 10 },
    ],
  ] as const)("of %j", (more, expected) => {
    expect(fusionSettings({ ...FUSION, ...more } as FusionConfig)).toEqual(expected);
  });
});

describe("fusion of retrievers", () => {
  it("is the fusion of their rankings", async () => {
    const parts = await Promise.all(FUSION.of.map((part) => buildForTest({ retriever: part }, OUTSIDE)));
    const rankings = await Promise.all(parts.map(({ retriever }) => retriever!.search([QUERY], 100, signal)));
    const { retriever } = await buildForTest({ retriever: { ...FUSION, weight: 0.3 } }, OUTSIDE);
    const expected = fuse(
      rankings.map(([ranking]) => ranking!),
      { method: "convex", normalise: "min-max", weights: [0.3, 0.7] },
    );
    expect((await retriever!.search([QUERY], 100, signal))[0]).toEqual(expected);
  });

  it("asks every part for `depth` passages, whatever k is", async () => {
    const asked: number[] = [];
    const part = (ranking: Ranking): Retriever => ({
      search: async (queries, k) => {
        asked.push(k);
        return queries.map(() => ranking.slice(0, k));
      },
    });
    const parts = [
      part([
        ["a", 3],
        ["b", 2],
        ["c", 1],
      ]),
      part([["d", 1]]),
    ];
    const fused = rrf(parts);
    for (const k of [1, 2, 50]) await fused.search([QUERY], k, signal);
    expect(asked).toEqual([2, 2, 2, 2, 2, 2]);
    expect((await fused.search([QUERY], 50, signal))[0]!.map(([id]) => id).sort()).toEqual(["a", "b", "d"]);
  });

  it("names the stages of its parts by their kinds, the innermost as they are", async () => {
    const timed = (stages: readonly string[], source: TimedSearch["source"]): Retriever => ({
      search: async () => [[["a", 1]]],
      searchTimed: async () => ({ rankings: [[["a", 1]]], stages: stages.map((s) => [s, 1]), source }),
    });
    const plain: Retriever = { search: async () => [[["b", 1]]] };
    const parts = [timed(["encode", "search"], "measured"), plain, timed([], "replayed")];
    const fused = rrf(parts, ["dense", "bm25", "replay"]);
    const { stages, source } = await fused.searchTimed!([QUERY], 2, signal);
    expect(stages.map(([stage]) => stage)).toEqual(["dense encode", "dense search", "bm25 search", "fuse"]);
    expect(source).toBe("replayed");
    const cached = rrf([...parts, timed([], "cached")]);
    expect((await cached.searchTimed!([QUERY], 2, signal)).source).toBe("cached");
  });

  it("searches with one part after another where they are timed, else with all at once", async () => {
    let [running, most] = [0, 0];
    const slow: Retriever = {
      search: async () => {
        running += 1;
        most = Math.max(most, running);
        await setTimeout(5);
        running -= 1;
        return [[["a", 1]]];
      },
    };
    const fused = rrf([slow, slow, slow]);
    await fused.search([QUERY], 2, signal);
    expect(most).toBe(3);
    most = 0;
    const { stages } = await fused.searchTimed!([QUERY], 2, signal);
    expect(most).toBe(1);
    for (const [, ms] of stages.slice(0, 3)) expect(ms).toBeGreaterThan(3);
  });

  it("fails when one of its parts fails", async () => {
    const failing: Retriever = { search: () => Promise.reject(new Error("down")) };
    const fused = rrf([failing, failing]);
    await expect(fused.search([QUERY], 1, signal)).rejects.toThrow("down");
    await expect(fused.searchTimed!([QUERY], 1, signal)).rejects.toThrow("down");
  });
});
