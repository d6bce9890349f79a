import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { EncoderConfig } from "../../config/encoder-schema.ts";
import type { DenseConfig } from "../../config/retriever-schema.ts";
import { UnavailableError } from "../../core/errors.ts";
import type { Passage } from "../../core/passage.ts";
import { safetensors } from "../../embed/testing/safetensors.ts";
import { idOf, TOKENIZER, tinyEncoder, tokenVector } from "../../embed/testing/tiny-encoder.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import type { BuildProgress, BuiltSystem, SystemDeps } from "../build-system.ts";
import { buildForTest as buildOne, systemOf } from "../testing/build-for-test.ts";
import { type FaultServer, faultServer, json, type Reply } from "../testing/fault-server.ts";
import { OUTSIDE, wordsInCommon } from "../testing/outside-corpus.ts";
import { describeRetriever } from "../testing/retriever-conformance.ts";
import { simulatedTime } from "../testing/simulated-time.ts";

const signal = new AbortController().signal;
const SECRET = "key-SECRET0123456789abcdef";
const PASSAGES: readonly Passage[] = [
  { id: "a", document: "d", text: "red" },
  { id: "b", document: "d", title: "dog", text: "blue" },
  { id: "c", document: "d", text: "dog" },
];
const open: BuiltSystem[] = [];
const servers: FaultServer[] = [];
afterEach(async () => {
  for (const system of open.splice(0)) await system.close();
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
});
const buildForTest: typeof buildOne = async (...args) => {
  const system = await buildOne(...args);
  open.push(system);
  return system;
};
const dense = (encoder: EncoderConfig, more: Partial<DenseConfig> = {}): { retriever: DenseConfig } => ({
  retriever: { kind: "dense", encoder, index: "exact", title: true, ...more },
});
async function tiny(more: Partial<DenseConfig> = {}, deps: Partial<SystemDeps> = {}, passages = PASSAGES) {
  const path = await tempFolder(tinyEncoder());
  return buildForTest(dense({ kind: "onnx", path, normalise: false }, { threads: 1, ...more }), passages, deps);
}

/** Vectors of how often each of some words stands in a text. */
const WORDS = ["ranking", "passages", "scores", "of", "an"];
const embeddings: Reply = (response, request) => {
  const { input } = request.body as { input: string[] };
  const data = input.map((text, index) => ({ index, embedding: WORDS.map((word) => wordsInCommon(word, text) + 0.1) }));
  return json({ data, usage: { prompt_tokens: 1 } })(response, request);
};

const TIMED = { stages: ["encode", "search"], source: "measured" } as const;
describeRetriever(
  "dense, onnx",
  async () => {
    // The conformance suite's questions are of words that the tiny encoder takes as unknown, which is a token too.
    return (await tiny()).retriever!;
  },
  TIMED,
);

describeRetriever(
  "dense, static",
  async () => {
    const table = Float32Array.from({ length: 18 }, (_, i) => (i * 7) % 5);
    const words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "ranking", "of", "passages", "scores", "by"];
    const vocab = Object.fromEntries(words.map((word, id) => [word, id]));
    const path = await tempFolder({
      ...tinyEncoder({ "model.onnx": undefined, "modules.json": undefined }),
      "model.safetensors": safetensors({ embeddings: ["F32", [9, 2], table] }),
      "tokenizer.json": JSON.stringify({ ...TOKENIZER, model: { ...TOKENIZER.model, vocab } }),
    });
    return (await buildForTest(dense({ kind: "static", path }), OUTSIDE)).retriever!;
  },
  TIMED,
);

describeRetriever(
  "dense, openai",
  async () => {
    const server = await faultServer(embeddings);
    servers.push(server);
    return (await buildForTest(dense(serverOf(server.url)), OUTSIDE)).retriever!;
  },
  TIMED,
);

describe("a dense retriever", () => {
  it("ranks by the inner product of question and passage, title and text", async () => {
    const { retriever } = await tiny();
    const [ranking] = await retriever!.search([{ id: "q", text: "cat" }], 5, signal);
    const vectorOf = (...tokens: string[]) => {
      const vectors = ["[CLS]", ...tokens, "[SEP]"].map((token) => tokenVector(idOf(token)));
      return [0, 1].map((d) => vectors.reduce((sum, vector) => sum + vector[d]!, 0) / vectors.length);
    };
    const query = vectorOf("cat");
    const scores = { a: ["red"], b: ["dog", "blue"], c: ["dog"] };
    const expected = Object.entries(scores)
      .map(([id, tokens]) => [id, vectorOf(...tokens).reduce((sum, x, d) => sum + x * query[d]!, 0)] as const)
      .sort((x, y) => y[1] - x[1]);
    expect(ranking!.map(([id]) => id)).toEqual(expected.map(([id]) => id));
    for (const [at, [, score]] of ranking!.entries()) expect(score).toBeCloseTo(expected[at]![1], 2);
  });

  it("encodes each passage once: a second build, and another index of the same texts, encode none", async () => {
    const cacheDir = await tempFolder();
    const path = await tempFolder(tinyEncoder());
    const build = async (more: Partial<DenseConfig>, passages = PASSAGES, corpusSha256 = "corpus") => {
      const seen: BuildProgress[] = [];
      const config = dense({ kind: "onnx", path }, more);
      const deps = { cacheDir, corpusSha256, onProgress: (p: BuildProgress) => seen.push(p) };
      await (await buildForTest(config, passages, deps)).close();
      return seen.at(-1);
    };
    expect(await build({})).toEqual({ stage: "embed", done: 3, embedded: 3 });
    expect(await build({})).toBeUndefined();
    // Without titles one text is another.
    expect(await build({ title: false })).toEqual({ stage: "embed", done: 3, embedded: 1 });
    const changed = [...PASSAGES.slice(0, 2), { id: "c", document: "d", text: "cat cat" }];
    expect(await build({}, changed, "other corpus")).toEqual({ stage: "embed", done: 3, embedded: 1 });
    expect(await build({ passage_prefix: "green " })).toEqual({ stage: "embed", done: 3, embedded: 3 });
    expect((await readdir(cacheDir)).filter((name) => name.startsWith("exact-"))).toHaveLength(4);
  });

  it("does not meet the index of another encoder", async () => {
    const cacheDir = await tempFolder();
    const folders = [
      await tempFolder(tinyEncoder()),
      await tempFolder(
        tinyEncoder({ "1_Pooling/config.json": { word_embedding_dimension: 2, pooling_mode_cls_token: true } }),
      ),
    ];
    const scores: number[] = [];
    for (const path of folders) {
      const { retriever } = await buildForTest(dense({ kind: "onnx", path, normalise: false }), PASSAGES, { cacheDir });
      scores.push((await retriever!.search([{ id: "q", text: "cat" }], 1, signal))[0]![0]![1]);
    }
    expect(scores[0]).not.toBe(scores[1]);
  });

  it("puts its prefixes before question and passages", async () => {
    await using server = await faultServer(embeddings);
    const encoder = serverOf(server.url);
    const system = await buildForTest(dense(encoder, { query_prefix: "Q: ", passage_prefix: "P: " }), PASSAGES);
    await system.retriever!.search([{ id: "q", text: "of" }], 1, signal);
    const inputs = server.seen.flatMap(({ body }) => body.input as string[]);
    expect(inputs.slice(1)).toEqual(["P: red", "P: dog\nblue", "P: dog", "Q: of"]);
  });

  it("says how many passages were longer than the encoder reads", async () => {
    const long = [...PASSAGES, { id: "d", document: "d", text: "red ".repeat(20) }];
    const { notes } = await tiny({}, {}, long);
    expect(notes()).toEqual([expect.stringContaining("of 4 passages encoded now, 1 were longer")]);
  });

  it("has no nearest passage for a question without tokens", async () => {
    await using server = await faultServer(embeddings);
    const { retriever } = await buildForTest(dense(serverOf(server.url)), OUTSIDE);
    expect(await retriever!.search([{ id: "q", text: "  " }], 3, signal)).toEqual([[]]);
  });
});

const serverOf = (base_url: string, more: object = {}): EncoderConfig => ({
  kind: "openai",
  base_url,
  model: "m",
  batch_texts: 64,
  batch_tokens: 1000,
  timeout_s: 5,
  max_attempts: 2,
  concurrency: 4,
  ...more,
});

describe("an embeddings server", () => {
  it("is asked with the key, and questions fail one by one when it fails", async () => {
    await using server = await faultServer(embeddings);
    const config = dense(serverOf(server.url, { api_key_env: "K" }));
    const system = await buildForTest(config, OUTSIDE, { env: { K: SECRET } });
    expect(system.concurrency).toBe(4);
    expect(server.seen[0]).toMatchObject({ path: "/v1/embeddings", headers: { authorization: `Bearer ${SECRET}` } });
    const search = () => system.retriever!.search([{ id: "q", text: "scores" }], 2, signal);
    expect((await search())[0]!.map(([id]) => id)).toEqual(["p1", "p2"]);
    server.reply(json({ error: { message: `no more for ${SECRET}` } }, 500));
    const error = (await search().catch((e: unknown) => e)) as Error;
    expect(error).toMatchObject({ name: "SystemFailure", code: "E_ENDPOINT_STATUS", attempts: 2 });
    expect(error.message).not.toContain("SECRET");
  });

  it("encodes a question again whenever it is asked, timed or not", async () => {
    await using server = await faultServer(embeddings);
    const { retriever } = await buildForTest(dense(serverOf(server.url)), OUTSIDE);
    const before = server.seen.length;
    const queries = [{ id: "q", text: "scores" }];
    const timed = await retriever!.searchTimed!(queries, 2, signal);
    expect((await retriever!.searchTimed!(queries, 2, signal)).rankings).toEqual(timed.rankings);
    expect(await retriever!.search(queries, 2, signal)).toEqual(timed.rankings);
    expect(server.seen.length - before).toBe(3);
  });

  it("that is down while the index is made is named, with the fix", async () => {
    await using server = await faultServer(json({ error: { message: "loading" } }, 503));
    const config = dense(serverOf(server.url));
    const publicConfig = dense(serverOf("${EMBED_URL}"));
    const error: unknown = await buildForTest(systemOf(config, { publicConfig }), OUTSIDE).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UnavailableError);
    expect((error as Error).message).toContain("/retriever/encoder/base_url (E_ENDPOINT_STATUS)");
    expect((error as Error).message).toContain("${EMBED_URL} answered 503");
  });

  it("without its key is a problem", async () => {
    const built = buildForTest(dense(serverOf("http://localhost:9/v1", { api_key_env: "NO_KEY" })), OUTSIDE);
    await expect(built).rejects.toThrow("the key in the environment variable NO_KEY");
  });

  it("that fails on the way leaves no index, and the next build goes on where it was", async () => {
    const cacheDir = await tempFolder();
    await using server = await faultServer(embeddings, embeddings, json({}, 400));
    const config = dense(serverOf(server.url, { batch_texts: 2 }));
    const error: unknown = await buildForTest(config, OUTSIDE, { cacheDir }).catch((e: unknown) => e);
    expect(error).toMatchObject({ name: "UnavailableError", code: "E_ENDPOINT_STATUS" });
    expect((error as Error).message).toMatch(/\/retriever\/encoder.*[\s\S]*the same command again/);
    expect((await readdir(cacheDir)).filter((name) => name.startsWith("exact-"))).toEqual([]);
    server.reply(embeddings);
    const paid = server.seen.length;
    const { retriever } = await buildForTest(config, OUTSIDE, { cacheDir });
    // One text to learn the length, and the two passages that have no vectors yet.
    expect(server.seen.slice(paid).map(({ body }) => (body.input as string[]).length)).toEqual([1, 2]);
    expect((await retriever!.search([{ id: "q", text: "scores" }], 9, signal))[0]).toHaveLength(4);
  });

  it("that goes down on the way ends the building, and what it sent is kept", async () => {
    const cacheDir = await tempFolder();
    const time = simulatedTime();
    const server = await faultServer(embeddings, embeddings, async () => server[Symbol.asyncDispose]());
    const config = (url: string) => dense(serverOf(url, { batch_texts: 2, concurrency: 1 }));
    const build = (url: string) =>
      buildForTest(systemOf(config(url), { publicConfig: config("${EMBED_URL}") }), OUTSIDE, {
        cacheDir,
        ...time,
      });
    const error: unknown = await build(server.url).catch((e: unknown) => e);
    expect(error).toMatchObject({ name: "UnavailableError", code: "E_ENDPOINT_DOWN" });
    expect(time.clock.now()).toBeLessThan(120_000);
    await using mended = await faultServer(embeddings);
    await build(mended.url);
    expect(mended.seen.map(({ body }) => (body.input as string[]).length)).toEqual([1, 2]);
  });
});

describe("an encoder's folder that is wrong", () => {
  it.each(["onnx", "static"] as const)("is named for kind %s", async (kind) => {
    const path = join(await tempFolder(), "none");
    await expect(buildForTest(dense({ kind, path }), PASSAGES)).rejects.toMatchObject({ name: "DataError" });
  });
});
