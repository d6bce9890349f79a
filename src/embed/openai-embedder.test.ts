import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OpenAiConfig } from "../config/system-schema.ts";
import { askEndpoint } from "../system/openai/ask-endpoint.ts";
import { openEndpoint } from "../system/openai/endpoint.ts";
import { type FaultServer, faultServer, hangUp, json, type Reply, raw } from "../system/testing/fault-server.ts";
import { type EmbeddingsEndpoint, type OpenAiEmbedderOptions, openOpenAiEmbedder } from "./openai-embedder.ts";
import { embedderConformance } from "./testing/embedder-conformance.ts";
import { hashVector } from "./testing/hash-embedder.ts";

const signal = new AbortController().signal;

/** Vectors of the texts in the request, items changed as told. */
function vectors(change: (items: { index: number; embedding: unknown }[]) => unknown[] = (items) => items): Reply {
  return (response, request) => {
    const { input } = request.body as { input: string[] };
    const data = change(input.map((text, index) => ({ index, embedding: hashVector(text) })));
    return json({ object: "list", data, usage: { prompt_tokens: input.length * 3, total_tokens: input.length * 3 } })(
      response,
      request,
    );
  };
}

let server: FaultServer;
beforeEach(async () => {
  server = await faultServer(vectors());
});
afterEach(() => server[Symbol.asyncDispose]());

/** The endpoint as a system's file opens it, three attempts without waiting. */
function endpoint(): EmbeddingsEndpoint {
  const config = { kind: "openai", base_url: server.url, model: "m" } as OpenAiConfig;
  const opened = openEndpoint({ config, publicBaseUrl: server.url, env: {}, fetch, where: (key) => key });
  if (!("client" in opened)) throw new Error(opened.map((p) => p.got).join());
  const clock = { now: () => 0, monotonic: () => 0 };
  const patience = { timeoutMs: 5000, maxAttempts: 3, clock, sleep: async () => {}, random: () => 0 };
  return {
    name: opened.name,
    ask: (call, own) => askEndpoint(opened, patience, own, (attempt) => call(opened.client, attempt)),
  };
}

function open(more: Partial<OpenAiEmbedderOptions> = {}) {
  return openOpenAiEmbedder({ endpoint: endpoint(), model: "m", ...more }, signal);
}

const inputs = (): string[][] => server.seen.slice(1).map(({ body }) => body.input as string[]);

describe("an embeddings endpoint", () => {
  embedderConformance(open);

  it("gives the vectors of the texts, and the sum of its usage", async () => {
    const embedder = await open();
    expect(embedder.dimensions).toBe(4);
    expect([...(await embedder.embed(["a", "b", "a"], "passage", signal))]).toEqual(
      ["a", "b", "a"].flatMap(hashVector),
    );
    expect(server.seen.at(-1)).toMatchObject({
      path: "/v1/embeddings",
      body: { model: "m", input: ["a", "b", "a"], encoding_format: "float" },
    });
    expect(embedder.counts).toEqual({ texts: 3, tokens: 9, truncated: 0, empty: 0 });
  });

  it("is sent so many texts and so many tokens at once, and a longer text alone", async () => {
    const embedder = await open({ batchTexts: 3, batchTokens: 10 });
    // 3 bytes make a token
    const texts = ["a", "b", "c", "d", "é".repeat(9), "e".repeat(12), "f".repeat(90), "g"];
    const found = await embedder.embed(texts, "passage", signal);
    expect(inputs().map((batch) => batch.map((text) => text[0]))).toEqual([
      ["a", "b", "c"],
      ["d", "é"],
      ["e"],
      ["f"],
      ["g"],
    ]);
    expect([...found]).toEqual(texts.flatMap(hashVector));
  });

  it("is asked for shorter vectors only where the user wants them", async () => {
    await open();
    expect(server.seen[0]!.body).not.toHaveProperty("dimensions");
    const embedder = await open({ dimensions: 4 });
    expect(server.seen[1]!.body.dimensions).toBe(4);
    expect(embedder.hash).toBe((await open()).hash);
    expect((await open({ model: "other" })).hash).not.toBe(embedder.hash);
  });

  it("is not sent empty texts: they have zeros", async () => {
    const embedder = await open({ prefixes: { query: "query: " } });
    const found = await embedder.embed(["", "a", " \n"], "query", signal);
    expect([...found]).toEqual([0, 0, 0, 0, ...hashVector("query: a"), 0, 0, 0, 0]);
    expect(inputs()).toEqual([["query: a"]]);
    expect(embedder.counts.empty).toBe(2);
    await embedder.embed(["", ""], "query", signal);
    expect(inputs()).toHaveLength(1);
  });

  it("may answer in another order: index says whose a vector is", async () => {
    const embedder = await open();
    server.reply(vectors((items) => items.toReversed()));
    expect([...(await embedder.embed(["a", "b", "c"], "passage", signal))]).toEqual(
      ["a", "b", "c"].flatMap(hashVector),
    );
    server.reply(vectors((items) => items.map(({ embedding }) => ({ embedding }))));
    expect([...(await embedder.embed(["a", "b"], "passage", signal))]).toEqual(["a", "b"].flatMap(hashVector));
  });

  it("is asked again after a failure that passes", async () => {
    const embedder = await open();
    server.reply(json({ error: "busy" }, 503), hangUp, vectors());
    expect([...(await embedder.embed(["a"], "passage", signal))]).toEqual(hashVector("a"));
    expect(server.seen).toHaveLength(4);
  });

  it.each<[string, Reply, string]>([
    ["fewer vectors", vectors((items) => items.slice(1)), "sent 1 vectors for 2 texts"],
    ["more vectors", vectors((items) => [...items, ...items]), "sent 4 vectors for 2 texts"],
    ["an index twice", vectors((items) => items.map((item) => ({ ...item, index: 1 }))), "two vectors of index 1"],
    ["an index beyond", vectors((items) => items.map((item) => ({ ...item, index: 7 }))), "the index 7"],
    ["null for a number", vectors((i) => i.map((item) => ({ ...item, embedding: [1, null, 2, 3] }))), "sent null"],
    ["a number too large", vectors((i) => i.map((item) => ({ ...item, embedding: [1, 1e300, 2, 3] }))), "sent 1e+300"],
    ["text for a vector", vectors((i) => i.map((item) => ({ ...item, embedding: "AACAPw==" }))), "no list of numbers"],
    ["no vectors", json({ object: "list" }), "without a list of vectors"],
    ["no object", json([1]), "without a list of vectors"],
  ])("that sends %s is refused at once", async (_, reply, message) => {
    const embedder = await open();
    server.reply(reply);
    const failed = embedder.embed(["a", "b"], "passage", signal);
    await expect(failed).rejects.toMatchObject({ name: "SystemFailure", code: "E_ENDPOINT_REPLY", retryable: false });
    await expect(failed).rejects.toThrow(message);
    expect(server.seen).toHaveLength(2);
  });

  it("that sends vectors of another length is refused, at the start too", async () => {
    await expect(open({ dimensions: 3 })).rejects.toMatchObject({ code: "E_ENCODER_DIMENSIONS" });
    const embedder = await open();
    server.reply(vectors((items) => items.map((item, i) => ({ ...item, embedding: [1, 2, 3, 4, 5].slice(i) }))));
    await expect(embedder.embed(["a", "b"], "passage", signal)).rejects.toMatchObject({ code: "E_ENCODER_DIMENSIONS" });
  });

  it.each<[string, Reply, string]>([
    ["refuses", json({ error: { message: "no such model" } }, 404), "E_ENDPOINT_STATUS"],
    ["sends no JSON", raw("<html>", { "content-type": "application/json" }), "E_ENDPOINT_REPLY"],
    ["hangs up", hangUp, "E_ENDPOINT_UNREACHABLE"],
  ])("that %s fails with a code", async (_, reply, code) => {
    server.reply(reply);
    await expect(open()).rejects.toMatchObject({ name: "SystemFailure", code });
  });

  it("stops between requests when it is aborted", async () => {
    const embedder = await open({ batchTexts: 1 });
    const controller = new AbortController();
    server.reply(vectors(), (response, request) => {
      controller.abort(new Error("enough"));
      return vectors()(response, request);
    });
    await expect(embedder.embed(["a", "b", "c"], "passage", controller.signal)).rejects.toThrow("enough");
    expect(inputs().length).toBeLessThan(3);
  });

  it.each([{ batchTexts: 0 }, { batchTokens: -1 }, { dimensions: 1.5 }])("refuses %j", async (more) => {
    await expect(open(more)).rejects.toMatchObject({ code: "E_ARGUMENT" });
  });
});
