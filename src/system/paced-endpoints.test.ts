import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AskingKeys } from "../config/endpoint-keys.ts";
import type { ModelJudge } from "../config/load-judge.ts";
import type { RetrieverConfig } from "../config/retriever-schema.ts";
import type { SystemConfig } from "../config/system-schema.ts";
import { UnavailableError } from "../core/errors.ts";
import type { BuiltSystem, SystemDeps } from "./build-system.ts";
import { buildChatModel } from "./openai/build-chat-model.ts";
import type { Pace } from "./pace/pacer.ts";
import { buildForTest as buildOne, OPENAI_DEFAULTS } from "./testing/build-for-test.ts";
import {
  completion,
  type FaultServer,
  faultServer,
  json,
  type Reply,
  type SeenRequest,
} from "./testing/fault-server.ts";
import { requestOf } from "./testing/generator-conformance.ts";
import { simulatedTime } from "./testing/simulated-time.ts";

const signal = new AbortController().signal;
const PASSAGES = [{ id: "p", document: "d", text: "Tides are highest at noon." }];
const BM25 = { kind: "bm25", k1: 1.2, b: 0.75, stop_words: "none", stemmer: "none", title: true } as const;

/** What the server of these tests counts: fewer than the four characters a token by which a request is estimated. */
const tokensOf = ({ body }: SeenRequest): number => Math.ceil(JSON.stringify(body).length / 5);

/** A server for everything: chat, embeddings, re-ranking, search. */
const serve: Reply = (response, request) => {
  const { path, body } = request;
  const tokens = tokensOf(request);
  const usage = { prompt_tokens: tokens, completion_tokens: 0, total_tokens: tokens };
  const documents = (body.documents ?? body.input ?? []) as string[];
  const reply = path.endsWith("/completions")
    ? completion("noon", { usage })
    : path.endsWith("/embeddings")
      ? json({ data: documents.map((text, index) => ({ index, embedding: [1, text.length] })), usage })
      : path.endsWith("/rerank")
        ? json({ results: documents.map((_, index) => ({ index, relevance_score: index })), usage })
        : json({ ids: ["p"] });
  return reply(response, request);
};

type Keys = Partial<AskingKeys>;
interface Part {
  ask(n: number): Promise<unknown>;
  pace(): readonly Pace[];
}

const open: BuiltSystem[] = [];
const buildForTest: typeof buildOne = async (...args) => {
  const system = await buildOne(...args);
  open.push(system);
  return system;
};

const asking = (more: Keys): AskingKeys => ({ timeout_s: 5, max_attempts: 20, concurrency: 4, ...more });

async function retrieving(retriever: RetrieverConfig, deps: Partial<SystemDeps>): Promise<Part> {
  const system = await buildForTest({ retriever }, PASSAGES, deps);
  const ask = (n: number) => system.retriever!.search([{ id: `q${n}`, text: `Tides at ${n}?` }], 1, signal);
  return { ask, pace: system.pace };
}

const openAi = (url: string, more: Keys) => ({ ...OPENAI_DEFAULTS, base_url: url, ...asking(more) });
const httpRetriever = (url: string, more: Keys): RetrieverConfig => ({
  ...{ kind: "http", url: `${url}/search`, method: "POST", ids: "/ids/*", scores_are: "similarities" },
  body: '{"q": {{json query}}}',
  ...asking(more),
});
const judge = (url: string, more: Keys, deps: Partial<SystemDeps> & Pick<SystemDeps, "clock">) => {
  const model = { ...OPENAI_DEFAULTS, base_url: url, ...asking(more) };
  const config = { output: "text", model };
  return buildChatModel({ model, config, file: "judges/j/judge.yaml" } as unknown as ModelJudge, { env: {}, ...deps });
};

/** Every kind of part that asks a server, built to ask this one. */
const PARTS: readonly [string, (url: string, more: Keys, deps: Time) => Promise<Part>][] = [
  [
    "a generator",
    async (url, more, deps) => {
      const system = await buildForTest({ generator: openAi(url, more) }, [], deps);
      return { ask: (n) => system.generator!.answer(requestOf({ id: `q${n}` }), signal), pace: system.pace };
    },
  ],
  ["an http retriever", (url, more, deps) => retrieving(httpRetriever(url, more), deps)],
  [
    "an encoder",
    (url, more, deps) => {
      const batches = { batch_texts: 64, batch_tokens: 1000 };
      const encoder = { kind: "openai", base_url: url, model: "m", ...batches, ...asking(more) } as const;
      return retrieving({ kind: "dense", encoder, index: "exact", title: true }, deps);
    },
  ],
  [
    "a re-ranker",
    (url, more, deps) => {
      const reranker = { kind: "http", url: `${url}/rerank`, model: "m", ...asking(more) } as const;
      return retrieving({ kind: "rerank", of: BM25, depth: 5, title: true, reranker }, deps);
    },
  ],
  [
    "a judge",
    async (url, more, deps) => {
      const { chat, pace } = judge(url, more, deps);
      const ask = (n: number) =>
        chat.complete({ messages: [{ role: "user", content: `Is ${n} right?` }], repeat: 0 }, signal);
      return { ask, pace };
    },
  ],
];

type Time = ReturnType<typeof simulatedTime>;

let server: FaultServer;
beforeEach(async () => {
  server = await faultServer(serve);
});
afterEach(async () => {
  for (const system of open.splice(0)) await system.close();
  await server[Symbol.asyncDispose]();
});

describe.each(PARTS)("the endpoint of %s", (_, build) => {
  it("gets all questions answered after a storm of 429, with fewer at once", async () => {
    const part = await build(server.url, {}, simulatedTime());
    let [refused, limit] = [0, 4];
    server.reply((response, request) => {
      limit = Math.min(limit, part.pace()[0]!.limit);
      const storm = refused < 30;
      if (storm) refused += 1;
      return (storm ? json({ error: { message: "later" } }, 429, { "retry-after": "1" }) : serve)(response, request);
    });
    const before = server.seen.length;
    await Promise.all(Array.from({ length: 40 }, (_, n) => part.ask(n)));
    expect(server.seen.length - before).toBe(40 + 30);
    expect(limit).toBeLessThan(4);
  });

  it("is left alone as long as a 503 with Retry-After asks", async () => {
    const time = simulatedTime();
    const part = await build(server.url, { concurrency: 1 }, time);
    const at: number[] = [];
    const noted: Reply = (response, request) => {
      at.push(time.clock.now());
      return serve(response, request);
    };
    server.reply(json({ error: { message: "starting" } }, 503, { "retry-after": "30" }), noted);
    const from = time.clock.now();
    await Promise.all([0, 1, 2].map((n) => part.ask(n)));
    expect(at).toHaveLength(3);
    for (const moment of at) expect(moment - from).toBeGreaterThanOrEqual(30_000);
  });

  it("is asked for no more tokens in any minute than its budget, and for nearly as many", async () => {
    const time = simulatedTime();
    let used: { at: number; tokens: number }[] = [];
    server.reply((response, request) => {
      // A search server counts nothing, so that what counts is the estimate.
      const tokens = "q" in request.body ? JSON.stringify(request.body).length / 4 : tokensOf(request);
      used.push({ at: time.clock.now(), tokens });
      return serve(response, request);
    });
    await (await build(server.url, {}, time)).ask(10);
    const tpm = 8.5 * used.at(-1)!.tokens;
    // One at a time, so that no time passes while a request is under way.
    const part = await build(server.url, { rate: { tpm }, concurrency: 1 }, time);
    used = [];
    await Promise.all(Array.from({ length: 40 }, (_, n) => part.ask(n + 10)));
    const sums = used.map(({ at }) =>
      used.filter((one) => one.at >= at && one.at < at + 60_000).reduce((sum, { tokens }) => sum + tokens, 0),
    );
    const total = used.reduce((sum, { tokens }) => sum + tokens, 0);
    expect(used).toHaveLength(40);
    expect(Math.max(...sums)).toBeLessThanOrEqual(tpm);
    // Estimates that are too high at first cost some of it.
    expect(time.clock.now()).toBeLessThan((total / tpm + 3) * 60_000);
  });

  it("ends the work within about a minute when it is down, and names its place", async () => {
    const { url } = server;
    const time = simulatedTime();
    const part = await build(url, {}, time);
    await server[Symbol.asyncDispose]();
    const from = time.clock.now();
    const ends = await Promise.all([0, 1, 2].map((n) => part.ask(n).catch((error: unknown) => error)));
    for (const error of ends) expect(error).toBeInstanceOf(UnavailableError);
    expect(ends[0]).toMatchObject({ code: "E_ENDPOINT_DOWN", exitCode: 4 });
    expect((ends[0] as Error).message).toMatch(/\/(?:url|base_url) \(E_ENDPOINT_DOWN\)[\s\S]*--resume/);
    expect(time.clock.now() - from).toBeGreaterThanOrEqual(20_000);
    expect(time.clock.now() - from).toBeLessThan(120_000);
    server = await faultServer(serve);
  });
});

describe("parts on one server with one key", () => {
  const minutes = (time: Time, at: number[]): void =>
    server.reply((response, request) => {
      at.push(Math.floor(time.clock.now() / 60_000));
      return serve(response, request);
    });

  it("share one budget within a system: the generator and what rewrites its questions", async () => {
    const time = simulatedTime();
    const part = openAi(server.url, { rate: { rpm: 2 }, concurrency: 1 });
    const config: SystemConfig = {
      generator: part,
      // Another spelling of the same address.
      retriever: { kind: "rewrite", of: BM25, when: "always", rewriter: { ...part, base_url: `${server.url}/` } },
    };
    const { generator, retriever } = await buildForTest(config, PASSAGES, time);
    const at: number[] = [];
    minutes(time, at);
    for (let n = 0; n < 3; n += 1) {
      await retriever!.search([{ id: "q", text: "When?" }], 1, signal);
      await generator!.answer(requestOf(), signal);
    }
    expect(at).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it("share it between a system and a judge that are built with the same knowledge of endpoints", async () => {
    const time = { ...simulatedTime(), endpoints: new Map() };
    const rate = { rpm: 2 };
    const { generator } = await buildForTest({ generator: openAi(server.url, { rate, concurrency: 1 }) }, [], time);
    const { chat } = judge(server.url, { rate, concurrency: 1 }, time);
    const at: number[] = [];
    minutes(time, at);
    for (let n = 0; n < 2; n += 1) {
      await generator!.answer(requestOf(), signal);
      await chat.complete({ messages: [{ role: "user", content: "Right?" }], repeat: 0 }, signal);
    }
    expect(at).toEqual([0, 0, 1, 1]);
  });

  it("do not share it where the service counts each model apart, or the key is another", async () => {
    const time = { ...simulatedTime(), endpoints: new Map(), env: { A: "aaaaaaaa", B: "bbbbbbbb" } };
    const at: number[] = [];
    const put = async (more: object): Promise<void> => {
      const part = { ...openAi(server.url, { concurrency: 1 }), ...more };
      const { generator } = await buildForTest({ generator: part }, [], time);
      await generator!.answer(requestOf(), signal);
    };
    minutes(time, at);
    const rate = { rpm: 1, per: "model" } as const;
    await put({ rate, model: "small" });
    await put({ rate, model: "large" });
    await put({ rate: { rpm: 1 }, api_key_env: "A" });
    await put({ rate: { rpm: 1 }, api_key_env: "B" });
    expect(at).toEqual([0, 0, 0, 0]);
    await put({ rate, model: "large" });
    expect(at).toEqual([0, 0, 0, 0, 1]);
  });

  it("is tried again by who builds anew after it was given up", async () => {
    const time = { ...simulatedTime(), endpoints: new Map() };
    const build = async () => (await buildForTest({ generator: openAi(server.url, {}) }, [], time)).generator!;
    const first = await build();
    server.reply(json({ error: { message: "no" } }, 429, { "retry-after": "7200" }));
    await expect(first.answer(requestOf(), signal)).rejects.toMatchObject({ code: "E_ENDPOINT_RATE_LIMIT" });
    server.reply(serve);
    await expect(first.answer(requestOf(), signal)).rejects.toBeInstanceOf(UnavailableError);
    expect(await (await build()).answer(requestOf(), signal)).toMatchObject({ text: "noon" });
  });
});
