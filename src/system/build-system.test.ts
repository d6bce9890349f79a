import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ReaderConfig, SystemConfig } from "../config/system-schema.ts";
import type { BenchError } from "../core/errors.ts";
import type { Passage } from "../core/passage.ts";
import { openReader } from "./open-reader.ts";
import { REFUSAL } from "./reader/read.ts";
import { buildForTest, openAi, realClock, systemOf } from "./testing/build-for-test.ts";
import { faultServer, streamed } from "./testing/fault-server.ts";

const BM25 = {
  kind: "bm25",
  k1: 1.2,
  b: 0.75,
  stop_words: "lucene",
  stemmer: "snowball-english",
  title: true,
} as const;
const READER: ReaderConfig = {
  kind: "reader",
  sentences: 1,
  decline_below: 0,
  trim: true,
  stop_words: "lucene",
  stemmer: "snowball-english",
};
const PASSAGES: readonly Passage[] = [
  { id: "p1", document: "d1", title: "BM25", text: "The default of k1 is 1.2. It saturates term frequency." },
  { id: "p2", document: "d2", title: "Recall", text: "Recall is the share of relevant passages that were found." },
];
const signal = new AbortController().signal;
const problemsOf = (built: Promise<unknown>) =>
  built.then(
    () => expect.unreachable("built"),
    (error: BenchError) => error.problems ?? expect.unreachable(String(error)),
  );

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "build-"));
  await writeFile(join(folder, "saved.run"), "q Q0 p2 1 3 s\n");
  await writeFile(join(folder, "saved.jsonl"), '{"query":"q","text":"saved"}\n');
  await writeFile(join(folder, "good.hbs"), "Say: {{question}}");
  await writeFile(join(folder, "bad.hbs"), "Say: {{quest}}");
  await writeFile(join(folder, "bad.run"), "q Q0\n");
});
afterAll(() => rm(folder, { recursive: true, force: true }));
const here = (config: SystemConfig) => systemOf(config, { file: join(folder, "system.yaml") });

describe("buildSystem", () => {
  it("bm25 and reader: ranks, then answers from what was ranked", async () => {
    const system = await buildForTest({ retriever: BM25, generator: READER }, PASSAGES);
    const query = { id: "q", text: "What is recall the share of?" };
    const [ranking] = await system.retriever!.search([query], 1, signal);
    expect(ranking!.map(([id]) => id)).toEqual(["p2"]);
    const answer = await system.generator!.answer(
      { query, passages: [PASSAGES[1]!], condition: "rag@1", trial: 0 },
      signal,
    );
    expect(answer.text).toBe(PASSAGES[1]!.text);
    expect(system.concurrency).toBe(1);
    await system.preflight(signal);
    await system.close();
  });

  it("a retriever alone has no generator, a generator alone no retriever", async () => {
    expect(await buildForTest({ retriever: BM25 }, PASSAGES)).not.toHaveProperty("generator");
    expect(await buildForTest({ generator: READER }, PASSAGES)).not.toHaveProperty("retriever");
  });

  it.each([
    ["one index", { retriever: BM25, generator: READER }, 1],
    ["two indexes", { retriever: { ...BM25, stemmer: "none" } as const, generator: READER }, 2],
    ["one file", { retriever: { ...BM25, k1: 0.9 }, generator: READER }, 1],
  ])("retriever and reader share %s where their words are made alike", async (_title, config, expected) => {
    const cacheDir = await mkdtemp(join(folder, "cache-"));
    await buildForTest(config, PASSAGES, { cacheDir });
    expect(await readdir(cacheDir)).toHaveLength(expected);
  });

  it("says how far the index is", async () => {
    const seen: unknown[] = [];
    await buildForTest({ retriever: BM25 }, PASSAGES, { onProgress: (progress) => seen.push(progress) });
    expect(seen).toEqual([{ stage: "index", done: 2 }]);
  });

  it("the reader declines without passages", async () => {
    const { generator } = await buildForTest({ generator: READER }, PASSAGES);
    const request = { query: { id: "q", text: "What is recall?" }, passages: [], condition: "closed-book", trial: 0 };
    expect(await generator!.answer(request, signal)).toMatchObject({ text: REFUSAL, refused: true });
  });

  it("replays a run and answers from files beside the system file", async () => {
    const system = await buildForTest(
      here({
        retriever: { kind: "replay", file: "saved.run" },
        generator: { kind: "replay", format: "answers", always_answers: false, file: "saved.jsonl" },
      }),
    );
    const query = { id: "q", text: "" };
    expect(await system.retriever!.search([query], 5, signal)).toEqual([[["p2", 3]]]);
    expect(
      await system.generator!.answer({ query, passages: [], condition: "oracle", trial: 0 }, signal),
    ).toMatchObject({ text: "saved" });
  });

  it("an endpoint uses the prompt file beside the system file, and its own concurrency", async () => {
    await using server = await faultServer(streamed(["8K"]));
    const system = await buildForTest(here(openAi(server.url, { prompt: "good.hbs", concurrency: 7 })));
    await system.generator!.answer(
      { query: { id: "q", text: "Why?" }, passages: [], condition: "oracle", trial: 0 },
      signal,
    );
    expect(server.seen[0]!.body.messages).toEqual([{ role: "user", content: "Say: Why?" }]);
    expect(system.concurrency).toBe(7);
  });

  it("contacts nothing while it builds", async () => {
    await using server = await faultServer();
    await buildForTest(openAi(server.url));
    expect(server.seen).toEqual([]);
  });

  it("names everything that is wrong, of both parts, at once", async () => {
    const config = openAi("ftp://x/v1", { api_key_env: "NO_KEY", prompt: "bad.hbs" });
    const problems = await problemsOf(
      buildForTest(here({ retriever: { kind: "replay", file: "bad.run" }, ...config })),
    );
    expect(problems.map(({ code, where }) => `${code} ${where.split("/").at(-1)}`)).toEqual([
      "E_SYSTEM base_url",
      "E_SYSTEM api_key_env",
      "E_PROMPT bad.hbs:1",
      "E_REPLAY_RUN bad.run:1",
    ]);
  });

  it.each([
    ["missing", {}, "no such variable", "set THE_KEY to the key"],
    ["empty", { THE_KEY: "" }, "an empty variable", "set THE_KEY to the key"],
    ["with a line end in it", { THE_KEY: "abc\n" }, "white space", "without quotes, spaces or line ends"],
  ])("a key that is %s is a problem with its fix, which never shows the key", async (_title, env, got, fix) => {
    const [problem, ...more] = await problemsOf(
      buildForTest(openAi("http://localhost/v1", { api_key_env: "THE_KEY" }), [], { env }),
    );
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ code: "E_SYSTEM", where: "systems/under-test.yaml /generator/api_key_env" });
    expect(problem!.got).toContain(got);
    expect(problem!.fix).toContain(fix);
    expect(JSON.stringify(problem)).not.toContain("abc");
  });

  it("a file that is missing is a problem", async () => {
    const [run] = await problemsOf(buildForTest(here({ retriever: { kind: "replay", file: "none.run" } })));
    expect(run).toMatchObject({ code: "E_REPLAY_RUN", where: "none.run", got: "ENOENT" });
    const [prompt] = await problemsOf(buildForTest(here(openAi("http://localhost/v1", { prompt: "none.hbs" }))));
    expect(prompt).toMatchObject({ code: "E_PROMPT", got: "ENOENT" });
  });

  it("an aborted build throws the reason", async () => {
    const stopped = AbortSignal.abort(new Error("interrupted"));
    await expect(buildForTest({ retriever: BM25 }, PASSAGES, { signal: stopped })).rejects.toThrow("interrupted");
  });
});

describe("openReader", () => {
  const deps = async () => ({
    passages: async function* () {
      yield* PASSAGES;
    },
    corpusSha256: "c",
    cacheDir: await mkdtemp(join(folder, "cache-")),
    env: {},
    signal,
    clock: realClock,
  });

  it("gives the settings and the statistics that fitting needs", async () => {
    const { settings, statistics } = await openReader(
      systemOf({ generator: { ...READER, decline_below: 0.25 } }),
      await deps(),
    );
    expect(settings).toEqual({ sentences: 1, declineBelow: 0.25, trim: true });
    expect(statistics.idf("recal")).toBeCloseTo(Math.log(2), 12);
  });

  it("refuses a system without a reader", async () => {
    const problems = await problemsOf(openReader(systemOf({ retriever: BM25 }), await deps()));
    expect(problems).toMatchObject([{ code: "E_SYSTEM", got: "no generator" }]);
  });
});
