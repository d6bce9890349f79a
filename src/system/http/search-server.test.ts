import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HttpRetrieverConfig } from "../../config/retriever-schema.ts";
import type { Passage } from "../../core/passage.ts";
import { buildForTest } from "../testing/build-for-test.ts";
import { describeRetriever } from "../testing/retriever-conformance.ts";

const here = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const CORPUS = here("datasets/handbook/corpus.jsonl");
const python = ["/usr/bin/python3", "/usr/local/bin/python3"].find((path) => existsSync(path));
const signal = new AbortController().signal;

describe.skipIf(!python)("a real search server, SQLite's FTS5 behind HTTP", () => {
  let child: ChildProcess;
  let url: string;
  let passages: readonly Passage[];
  beforeAll(async () => {
    const lines = (await readFile(CORPUS, "utf8")).split("\n").filter((line) => line !== "");
    passages = lines.map((line) => {
      const { _id, title, text } = JSON.parse(line) as { _id: string; title?: string; text: string };
      return { id: _id, document: _id, text, ...(title && { title }) };
    });
    child = spawn(python!, [here("fixtures/endpoints/fts_server.py"), CORPUS], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [port] = (await once(child.stdout!, "data")) as [Buffer];
    url = `http://127.0.0.1:${String(port).trim()}/search`;
  });
  afterAll(() => void child.kill());

  const config = (more: Partial<HttpRetrieverConfig>): HttpRetrieverConfig => ({
    kind: "http",
    url,
    method: "POST",
    ids: "/ids",
    scores: "/ranks",
    scores_are: "distances",
    timeout_s: 10,
    max_attempts: 1,
    concurrency: 2,
    ...more,
  });
  const posting = () => config({ body: '{"query":{{json query}},"k":{{k}}}' });
  const getting = () => config({ method: "GET", params: { q: "{{query}}", k: "{{k}}" } });

  describeRetriever("http", async () => (await buildForTest({ retriever: posting() }, passages)).retriever!);

  it("finds what BM25 finds, by GET as by POST", async () => {
    const queries = passages
      .slice(0, 40)
      .map(({ id, title, text }) => ({ id, text: `${title} ${text}`.slice(0, 120) }));
    const bm25 = { kind: "bm25", k1: 1.2, b: 0.75, stop_words: "none", stemmer: "none", title: true } as const;
    const [post, get, own] = await Promise.all(
      [posting(), getting(), bm25].map(async (retriever) => {
        const system = await buildForTest({ retriever }, passages);
        await system.preflight(signal);
        const rankings = await system.retriever!.search(queries, 10, signal);
        expect(system.notes()).toEqual([]);
        return rankings.map((ranking) => ranking.map(([id]) => id));
      }),
    );
    expect(get).toEqual(post);
    // Its inverse document frequencies differ a little, and so does what is a word.
    const shared = post!.map((ids, q) => ids.filter((id) => own![q]!.includes(id)).length / 10);
    expect(shared.reduce((sum, x) => sum + x, 0) / shared.length).toBeGreaterThan(0.8);
  });
});
