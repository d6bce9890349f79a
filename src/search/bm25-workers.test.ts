import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Passage } from "../core/passage.ts";
import { seeded } from "../core/rng.ts";
import type { Bm25Index, Bm25Settings } from "./bm25-index.ts";
import { Bm25Workers } from "./bm25-workers.ts";
import { buildBm25 } from "./build-bm25.ts";
import { openBm25 } from "./open-bm25.ts";
import { stream } from "./testing/reference-corpora.ts";

const SETTINGS: Bm25Settings = { k1: 0.9, b: 0.4, stopWords: "lucene", stemmer: "snowball-english", title: false };
const rng = seeded("bm25-workers");
const words = (n: number): string => Array.from({ length: n }, () => `w${Math.floor(500 ** rng.float())}`).join(" ");
const passages = Array.from({ length: 2000 }, (_, at): Passage => ({ id: `p${at}`, document: "d", text: words(20) }));
const queries = Array.from({ length: 150 }, () => words(6));

let folder: string;
let program: URL;
let index: Bm25Index;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bm25-workers-"));
  // Threads run compiled code: the oldest supported Node reads no types.
  const entry = fileURLToPath(new URL("./bm25-worker.ts", import.meta.url));
  await build({ configFile: false, logLevel: "silent", build: { ssr: entry, outDir: folder, emptyOutDir: false } });
  await writeFile(join(folder, "package.json"), '{"type":"module"}');
  program = pathToFileURL(join(folder, "bm25-worker.js"));
  index = await buildBm25(stream(passages), SETTINGS);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function started(threads: number, of = index): Promise<Bm25Workers & AsyncDisposable> {
  const workers = await Bm25Workers.start(of, threads, program);
  return Object.assign(workers, { [Symbol.asyncDispose]: () => workers.close() });
}

describe("Bm25Workers", () => {
  it.each([1, 2, 4])("%d threads give what the index gives", async (threads) => {
    await using workers = await started(threads);
    expect(await workers.search(queries, 10)).toEqual(queries.map((query) => index.search(query, 10)));
    expect(await workers.search([], 10)).toEqual([]);
  });

  it("answers those who ask at the same time, each with its own", async () => {
    await using workers = await started(2);
    const asked = [queries.slice(0, 70), queries.slice(70, 71), queries.slice(71)];
    const found = await Promise.all(asked.map((texts, at) => workers.search(texts, at + 1)));
    expect(found).toEqual(asked.map((texts, at) => texts.map((text) => index.search(text, at + 1))));
  });

  it("uses a loaded index where it lies", async () => {
    const options = {
      passages: () => stream(passages),
      corpusSha256: "c",
      settings: SETTINGS,
      cacheDir: join(folder, "cache"),
    };
    await openBm25(options);
    const loaded = await openBm25(options);
    expect(loaded.arrays.postingDocument.buffer).toBeInstanceOf(SharedArrayBuffer);
    await using workers = await started(2, loaded);
    expect(await workers.search(queries, 5)).toEqual(queries.map((query) => index.search(query, 5)));
  });

  it("stops with the signal's reason, and searches on for others", async () => {
    await using workers = await started(1);
    const controller = new AbortController();
    const aborted = workers.search(queries, 10, controller.signal);
    const other = workers.search(queries.slice(0, 3), 10);
    controller.abort(new Error("enough"));
    await expect(aborted).rejects.toThrow("enough");
    await expect(workers.search(queries, 10, controller.signal)).rejects.toThrow("enough");
    expect(await other).toEqual(queries.slice(0, 3).map((query) => index.search(query, 10)));
  });

  it("fails what is searched for when it is closed, and all that comes after", async () => {
    const workers = await started(2);
    const pending = workers.search(queries, 10);
    const closed = workers.close();
    await expect(pending).rejects.toThrow("closed");
    await closed;
    await expect(workers.search(queries, 10)).rejects.toThrow("closed");
  });

  it("fails when a thread's program cannot start", async () => {
    const missing = pathToFileURL(join(folder, "missing.js"));
    await expect(Bm25Workers.start(index, 2, missing)).rejects.toThrow();
  });

  it.each([0, -1, 1.5, Number.NaN])("refuses %d threads", async (threads) => {
    await expect(Bm25Workers.start(index, threads, program)).rejects.toMatchObject({ code: "E_ARGUMENT" });
  });
});
