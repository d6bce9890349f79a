import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SystemFailure } from "../../core/errors.ts";
import { type Bm25Index, openBm25 } from "../../search/index.ts";
import { bm25Threads } from "./bm25-threads.ts";

const WORDS = ["oak", "elm", "ash", "yew", "fir", "box", "bay", "fig"];
const passages = WORDS.map((word, i) => ({
  id: `p${i}`,
  document: "d",
  text: `${word} ${WORDS[(i + 1) % 8]} ${word}`,
}));
const queries = WORDS.map((text, i) => ({ id: `q${i}`, text }));

let folder: string;
let program: URL;
let index: Bm25Index;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bm25-threads-"));
  const source = fileURLToPath(new URL("../../search/bm25-worker.ts", import.meta.url));
  await build({ configFile: false, logLevel: "silent", build: { ssr: source, outDir: folder, emptyOutDir: false } });
  await writeFile(join(folder, "package.json"), '{"type":"module"}');
  program = pathToFileURL(join(folder, "bm25-worker.js"));
  async function* all() {
    yield* passages;
  }
  index = await openBm25({
    passages: all,
    corpusSha256: "trees",
    settings: { k1: 1.2, b: 0.75, stopWords: "none", stemmer: "none", title: false },
    cacheDir: folder,
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("bm25Threads", () => {
  it("opens the index once for all numbers of threads, and each thread finds what the index finds", async () => {
    let opened = 0;
    const start = bm25Threads(async () => {
      opened += 1;
      return index;
    }, program);
    if (typeof start !== "function") throw new Error(start.unavailable);
    const expected = queries.map(({ text }) => index.search(text, 3));
    for (const count of [1, 3]) {
      const threads = await start(count);
      if ("unavailable" in threads) throw new Error(threads.unavailable);
      expect(threads.searches).toHaveLength(count);
      const found = await Promise.all(threads.searches.map((search) => search(queries, 3)));
      expect(found).toEqual(threads.searches.map(() => ({ rankings: expected, source: "measured" })));
      await threads.close();
      await expect(threads.searches[0]!(queries, 3)).rejects.toThrow(SystemFailure);
    }
    expect(opened).toBe(1);
  });

  it("says what is missing where the program is not compiled", () => {
    const nowhere = bm25Threads(async () => index, new URL("nowhere.js", program));
    expect(nowhere).toEqual({ unavailable: "threads need the compiled program: npm run build" });
  });
});
