import { describe, expect, it } from "vitest";
import type { Retriever, TimedSearch } from "../../core/contracts.ts";
import type { Query } from "../../core/query.ts";

const QUERIES: readonly Query[] = [
  { id: "q1", text: "ranking of passages" },
  { id: "__proto__", text: "\u0000\u001b[2J <script> ../../x \u202e passages" },
  { id: "q2", text: "scores" },
];

/** Names of the stages in their order, and where the times come from. */
type Timed = Pick<TimedSearch, "source"> & { readonly stages: readonly string[] };

/**
 * What every retriever keeps to.
 * @param make gives a retriever that has a ranking, possibly empty, for the queries q1, q2 and __proto__
 * @param timed what its timed search says, where it has one
 */
export function describeRetriever(name: string, make: () => Promise<Retriever>, timed?: Timed): void {
  describe(`${name} conforms to the retriever contract`, () => {
    const signal = new AbortController().signal;

    it("gives one ranking for each query, in the order of the queries", async () => {
      const retriever = await make();
      const together = await retriever.search(QUERIES, 10, signal);
      expect(together).toHaveLength(QUERIES.length);
      for (const [at, query] of QUERIES.entries())
        expect(together[at]).toEqual((await retriever.search([query], 10, signal))[0]);
      const reversed = await retriever.search(QUERIES.toReversed(), 10, signal);
      expect(reversed).toEqual(together.toReversed());
    });

    it("gives no more than k hits, and for a larger k the same ones first", async () => {
      const retriever = await make();
      const [all] = await retriever.search(QUERIES.slice(0, 1), 100, signal);
      expect(all!.length).toBeGreaterThan(1);
      for (const k of [1, 2, 3]) {
        const [some] = await retriever.search(QUERIES.slice(0, 1), k, signal);
        expect(some).toEqual(all!.slice(0, k));
      }
    });

    it("gives finite scores, best first, and each id once", async () => {
      for (const ranking of await (await make()).search(QUERIES, 100, signal)) {
        const scores = ranking.map(([, score]) => Math.fround(score));
        expect(scores.every(Number.isFinite)).toBe(true);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
        expect(new Set(ranking.map(([id]) => id)).size).toBe(ranking.length);
      }
    });

    it("gives the same again when asked again", async () => {
      const retriever = await make();
      expect(await retriever.search(QUERIES, 5, signal)).toEqual(await retriever.search(QUERIES, 5, signal));
    });

    it(timed ? "ranks the same in stages that are timed" : "has nothing to be timed apart", async () => {
      const retriever = await make();
      expect(retriever.searchTimed === undefined).toBe(timed === undefined);
      if (!timed) return;
      const rankings = await retriever.search(QUERIES, 5, signal);
      for (let again = 0; again < 2; again += 1) {
        const start = performance.now();
        const found = await retriever.searchTimed!(QUERIES, 5, signal);
        const whole = performance.now() - start;
        expect(found.rankings).toEqual(rankings);
        expect(found.source).toBe(timed.source);
        expect(found.stages.map(([stage]) => stage)).toEqual(timed.stages);
        for (const [, ms] of found.stages) expect(ms).toBeGreaterThanOrEqual(0);
        expect(found.stages.reduce((sum, [, ms]) => sum + ms, 0)).toBeLessThanOrEqual(whole);
      }
      expect((await retriever.searchTimed!([], 5, signal)).rankings).toEqual([]);
      const reason = new Error("interrupted");
      await expect(retriever.searchTimed!(QUERIES, 5, AbortSignal.abort(reason))).rejects.toBe(reason);
    });

    it("takes no queries at all", async () => {
      expect(await (await make()).search([], 5, signal)).toEqual([]);
    });

    it("throws the signal's reason when it is aborted", async () => {
      const reason = new Error("interrupted");
      await expect((await make()).search(QUERIES, 5, AbortSignal.abort(reason))).rejects.toBe(reason);
    });
  });
}
