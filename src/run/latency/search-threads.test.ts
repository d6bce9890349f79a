import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import type { System } from "../../config/index.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { type SearchThreads, searchThreads } from "./search-threads.ts";

const system = (retriever: object): System =>
  ({
    id: "made",
    file: "made.yaml",
    sha256: "0".repeat(64),
    config: { retriever, generator: { kind: "reader" } },
    publicConfig: {},
    origins: new Map(),
  }) as unknown as System;
const FILES = { corpusSha256: "0".repeat(64), cacheDir: "cache", env: {} };

/** Threads of a worker program written by hand: one that dies, hangs up or answers strangely. */
async function threadsOf(program: string, count = 1): Promise<SearchThreads | { readonly unavailable: string }> {
  const folder = await tempFolder({ "worker.mjs": program });
  const entry = pathToFileURL(join(folder, "worker.mjs"));
  const start = searchThreads({ ...FILES, system: system({ kind: "bm25" }), entry });
  return typeof start === "function" ? start(count) : start;
}

const READY = `
import { parentPort, workerData } from "node:worker_threads";
parentPort.postMessage({ kind: "ready" });
`;

describe("searchThreads", () => {
  it.each([
    [{ kind: "http", url: "http://x" }, "not put into threads: an endpoint searches (http)"],
    [{ kind: "process", command: ["x"] }, "not put into threads: another process searches (process)"],
    [
      { kind: "dense", encoder: { kind: "openai" } },
      "not put into threads: an endpoint encodes the questions (openai)",
    ],
    [
      { kind: "fusion", of: [{ kind: "bm25" }, { kind: "replay" }] },
      "not put into threads: its rankings are read from a file (replay)",
    ],
    [
      { kind: "fusion", of: [{ kind: "bm25" }, { kind: "dense", index: { kind: "hnsw" } }] },
      "not put into threads: faiss is loaded by one thread alone (hnsw)",
    ],
  ])("says why %j is not put into threads", (retriever, unavailable) => {
    expect(searchThreads({ ...FILES, system: system(retriever) })).toEqual({ unavailable });
  });

  it("says so where the program of the threads is not compiled", () => {
    const entry = pathToFileURL("/nowhere/worker.js");
    expect(searchThreads({ ...FILES, system: system({ kind: "bm25" }), entry })).toEqual({
      unavailable: "threads need the compiled program: npm run build",
    });
  });

  it("says what a thread could not build, or died of, or that it ended, and stops the others", async () => {
    const failing = `${READY.replace('kind: "ready"', 'kind: "failed", code: "E_WORKER", message: "no index"')}`;
    expect(await threadsOf(failing, 2)).toEqual({ unavailable: "not put into threads: no index" });
    expect(await threadsOf('throw new Error("dead")')).toEqual({ unavailable: "not put into threads: dead" });
    expect(await threadsOf("")).toEqual({ unavailable: "not put into threads: the worker thread ended" });
  });

  it("gives each thread the retriever's configuration alone, and one call at a time", async () => {
    const echo = `${READY}
      parentPort.on("message", ({ queries, k }) => {
        const told = JSON.stringify([Object.keys(workerData.system.config), workerData.cacheDir, workerData.entry]);
        parentPort.postMessage({ kind: "rankings", source: "measured", rankings: queries.map((q) => [[q.id + told, k]]) });
      });`;
    const threads = await threadsOf(echo, 3);
    if ("unavailable" in threads) throw new Error(threads.unavailable);
    expect(threads.searches).toHaveLength(3);
    const { rankings } = await threads.searches[2]!([{ id: "__proto__", text: "?" }], 7);
    expect(rankings).toEqual([[['__proto__[["retriever"],"cache",null]', 7]]]);
    await threads.close();
  });

  it("turns what a thread says or does in a call into a failure of that call", async () => {
    const faults = `${READY}
      parentPort.on("message", ({ queries: [{ id }] }) => {
        if (id === "exit") process.exit(3);
        if (id === "throw") throw new Error("boom");
        parentPort.postMessage(id === "says" ? { kind: "failed", code: "E_MODEL", message: "NaN" } : { kind: "ready" });
      });`;
    const ask = async (id: string) => {
      const threads = await threadsOf(faults);
      if ("unavailable" in threads) throw new Error(threads.unavailable);
      try {
        await threads.searches[0]!([{ id, text: "?" }], 1);
        return "no failure";
      } catch (error) {
        return (error as Error).message;
      } finally {
        await threads.close();
      }
    };
    expect(await ask("says")).toBe("NaN");
    expect(await ask("odd")).toBe("not a ranking");
    expect(await ask("exit")).toBe("the worker thread ended");
    expect(await ask("throw")).toBe("boom");
  });
});
