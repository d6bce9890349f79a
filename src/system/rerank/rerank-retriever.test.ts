import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HttpRerankerConfig } from "../../config/encoder-schema.ts";
import type { Bm25Config, RerankConfig } from "../../config/retriever-schema.ts";
import { SystemFailure, UnavailableError } from "../../core/errors.ts";
import type { SystemDeps } from "../build-system.ts";
import { buildForTest, systemOf } from "../testing/build-for-test.ts";
import { type FaultServer, faultServer, json, type Reply } from "../testing/fault-server.ts";
import { OUTSIDE, wordsInCommon } from "../testing/outside-corpus.ts";
import { describeRetriever } from "../testing/retriever-conformance.ts";

const SECRET = "key-SECRET0123456789abcdef";
const signal = new AbortController().signal;
const QUERY = { id: "q", text: "passages scores of" };
const BM25: Bm25Config = { kind: "bm25", k1: 1.2, b: 0.75, stop_words: "none", stemmer: "none", title: true };

interface Asked {
  readonly query: string;
  readonly documents: readonly string[];
}

/** Scores documents as told and replies best first, as Cohere, Jina and vLLM do. */
const reranking =
  (score: (query: string, document: string, at: number) => number): Reply =>
  (response, request) => {
    const { query, documents } = request.body as unknown as Asked;
    const results = documents
      .map((document, index) => ({ index, relevance_score: score(query, document, index) }))
      .sort((a, b) => b.relevance_score - a.relevance_score);
    return json({ id: "r", results })(response, request);
  };
/** The other way round. */
const reversing = reranking((_query, _document, at) => at);

let server: FaultServer;
beforeEach(async () => {
  server = await faultServer(reversing);
});
afterEach(() => server[Symbol.asyncDispose]());

function configOf(more: Partial<RerankConfig> = {}, reranker: Partial<HttpRerankerConfig> = {}): RerankConfig {
  return {
    kind: "rerank",
    of: BM25,
    depth: 50,
    title: true,
    reranker: {
      kind: "http",
      url: `${server.url}/rerank`,
      model: "m",
      timeout_s: 5,
      max_attempts: 2,
      concurrency: 4,
      ...reranker,
    },
    ...more,
  };
}
const build = (more: Partial<RerankConfig> = {}, deps: Partial<SystemDeps> = {}) =>
  buildForTest({ retriever: configOf(more) }, OUTSIDE, deps);
const idsOf = (ranking: readonly (readonly [string, number])[]) => ranking.map(([id]) => id);

describeRetriever(
  "rerank",
  async () => {
    server.reply(reranking((query, document) => wordsInCommon(query, document) + document.length / 1000));
    return (await build({ depth: 2 })).retriever!;
  },
  { stages: ["search", "rerank"], source: "measured" },
);

describe("a re-ranker", () => {
  it("names its own stage after those of what it orders", async () => {
    const of = { kind: "fusion", of: [BM25, BM25], method: "rrf", normalise: "none", depth: 9, rrf_k: 60 } as const;
    const { retriever } = await build({ of: { ...of, of: [...of.of] } });
    const { stages, source } = await retriever!.searchTimed!([QUERY], 2, signal);
    expect(stages.map(([stage]) => stage)).toEqual(["bm25 1 search", "bm25 2 search", "fuse", "rerank"]);
    expect(source).toBe("measured");
    expect(server.seen).toHaveLength(1);
  });

  it("gets question and texts, titles included, and its order is the one that counts", async () => {
    const first = await (await buildForTest({ retriever: BM25 }, OUTSIDE)).retriever!.search([QUERY], 10, signal);
    const [ranking] = await (await build()).retriever!.search([QUERY], 10, signal);
    expect(idsOf(ranking!)).toEqual(idsOf(first[0]!).toReversed());
    const { body, path } = server.seen[0]!;
    expect(path).toBe("/v1/rerank");
    expect(body).toMatchObject({ model: "m", query: QUERY.text, top_n: 3 });
    expect(body.documents).toContain("Ranking\nRanking of passages by their scores.");
  });

  it("may be given texts without titles", async () => {
    await (await build({ title: false })).retriever!.search([QUERY], 10, signal);
    expect(server.seen[0]!.body.documents).toContain("Ranking of passages by their scores.");
  });

  it("orders the first `depth` whatever k is; the rest follow in the order they had", async () => {
    const [first] = await (await buildForTest({ retriever: BM25 }, OUTSIDE)).retriever!.search([QUERY], 10, signal);
    const [a, b, ...rest] = idsOf(first!);
    const { retriever } = await build({ depth: 2 });
    expect(idsOf((await retriever!.search([QUERY], 10, signal))[0]!)).toEqual([b, a, ...rest]);
    expect(idsOf((await retriever!.search([QUERY], 1, signal))[0]!)).toEqual([b]);
    expect(server.seen.map(({ body }) => (body as unknown as Asked).documents.length)).toEqual([2, 2]);
  });

  it("is asked nothing where nothing was found", async () => {
    expect(await (await build()).retriever!.search([{ id: "q", text: "zzz" }], 3, signal)).toEqual([[]]);
    expect(server.seen).toEqual([]);
  });

  it("takes texts from the lookup it is given", async () => {
    const asked: string[] = [];
    const lookup = async (ids: readonly string[]) => {
      asked.push(...ids);
      // One of them is not in the corpus: it follows those that are.
      return ids.map((id) => (id === "p3" ? undefined : OUTSIDE.find((p) => p.id === id)));
    };
    const [ranking] = await (await build({}, { lookup })).retriever!.search([QUERY], 3, signal);
    expect(asked.toSorted()).toEqual(["p1", "p2", "p3"]);
    expect(ranking!.at(-1)![0]).toBe("p3");
  });

  it("that changes no order in a whole run is told of", async () => {
    server.reply(reranking((_query, _document, at) => -at));
    const system = await build();
    expect(system.notes()).toEqual([]);
    await system.retriever!.search([QUERY, { id: "r", text: "passages" }], 3, signal);
    expect(system.notes()).toEqual([expect.stringContaining("changed the order of none of 2 rankings")]);
  });

  it("that changes one order is not told of", async () => {
    const system = await build();
    await system.retriever!.search([QUERY], 3, signal);
    expect(system.notes()).toEqual([]);
  });

  it.each([
    ["no results", { data: [] }, "without a list of results"],
    ["too few results", { results: [{ index: 0, relevance_score: 1 }] }, "no result for document 1 of 3"],
    ["an index out of range", { results: [{ index: 9, relevance_score: 1 }] }, "the index 9 for 3 documents"],
    ["an index twice", { results: Array(3).fill({ index: 0, relevance_score: 1 }) }, "two results of index 0"],
    ["a score that is text", { results: [{ index: 0, relevance_score: "1" }] }, '"1" in results/0/relevance_score'],
    ["a score that is missing", { results: [{ index: 0 }] }, "nothing in results/0/relevance_score"],
  ])("that sends %s fails the question", async (_title, reply, words) => {
    server.reply(json(reply));
    const error = (await (
      await build()
    )
      .retriever!.search([QUERY], 3, signal)
      .catch((e: unknown) => e)) as SystemFailure;
    expect(error).toBeInstanceOf(SystemFailure);
    expect(error).toMatchObject({ code: "E_ENDPOINT_REPLY", attempts: 1 });
    expect(error.message).toContain(words);
  });

  it("gets its key from the environment, and the key is in no message", async () => {
    const config = { retriever: configOf({}, { api_key_env: "K" }) };
    const system = await buildForTest(systemOf(config), OUTSIDE, { env: { K: SECRET } });
    server.reply(json({ error: `not for ${SECRET}` }, 400));
    const error = (await system.retriever!.search([QUERY], 3, signal).catch((e: unknown) => e)) as SystemFailure;
    expect(server.seen[0]!.headers.authorization).toBe(`Bearer ${SECRET}`);
    expect(`${error.message}${error.stack}`).not.toContain("SECRET");
  });

  it("that is down is found before the first question", async () => {
    const system = await build();
    await system.preflight(signal);
    server.reply(json({}, 503));
    await expect(system.preflight(signal)).rejects.toBeInstanceOf(UnavailableError);
  });
});
