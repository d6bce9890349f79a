import { spawnSync } from "node:child_process";
import { readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Passage } from "../core/passage.ts";
import { type Embedder, VectorStore } from "../embed/index.ts";
import { sha256 } from "../lib/hash.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { openExact } from "./exact-open.ts";

const signal = new AbortController().signal;
const CORPUS: Passage[] = Array.from({ length: 500 }, (_, i) => ({
  id: `p${i}`,
  document: "d",
  ...(i % 3 === 0 ? { title: `Title ${i % 9}` } : {}),
  text: `text ${i % 50}`,
}));

/** Vectors from the letters of a text, so that another text has another vector. */
function letters(name = "letters"): Embedder & { embedded: string[] } {
  const embedded: string[] = [];
  return {
    embedded,
    dimensions: 8,
    hash: sha256(name),
    prefixes: { query: "", passage: "" },
    counts: { texts: 0, tokens: 0, truncated: 0, empty: 0 },
    async embed(texts) {
      embedded.push(...texts);
      return Float32Array.from(texts.flatMap((text) => [...Buffer.from(sha256(text + name), "hex").subarray(0, 8)]));
    },
  };
}

async function setUp() {
  const folder = await tempFolder();
  const embedder = letters();
  const state = { read: 0, cacheDir: join(folder, "indexes") };
  const store = await VectorStore.open(join(folder, "vectors"), embedder);
  onTestFinished(() => store.close());
  const options = {
    embedder,
    store,
    title: true,
    signal,
    cacheDir: state.cacheDir,
    corpusSha256: "c0",
    async *passages() {
      state.read += 1;
      yield* CORPUS;
    },
  };
  const file = async (): Promise<string> => join(state.cacheDir, (await readdir(state.cacheDir))[0]!);
  return { options, embedder, state, file };
}

const QUERY = Float32Array.of(3, -1, 4, -1, 5, -9, 2, -6);

describe("openExact", () => {
  it("builds once, then loads; in memory and from disk the results are the same", async () => {
    const { options, state, embedder } = await setUp();
    const built = await openExact(options);
    const loaded = await openExact({ ...options, memoryBytes: 0, slab: 64 });
    expect(state.read).toBe(1);
    expect(await loaded.search(QUERY, 500, signal)).toEqual(await built.search(QUERY, 500, signal));
    expect(new Set((await loaded.search(QUERY, 500, signal))[0]!.map(([id]) => id)).size).toBe(500);
    expect(embedder.embedded).toHaveLength(new Set(embedder.embedded).size);
    expect(await readdir(state.cacheDir)).toEqual([expect.stringMatching(/^exact-[0-9a-f]{32}\.index$/)]);
    await built.close();
    await loaded.close();
  });

  it("ranks each passage by the vector of its title and text", async () => {
    const { options } = await setUp();
    const index = await openExact(options);
    const wanted = CORPUS[42]!;
    const query = await letters().embed([`${wanted.title}\n${wanted.text}`], "query", signal);
    const [ranking] = await index.search(query, 500, signal);
    const scores = new Map(ranking);
    for (const passage of CORPUS) {
      const text = passage.title ? `${passage.title}\n${passage.text}` : passage.text;
      const vector = await letters().embed([text], "passage", signal);
      expect(scores.get(passage.id)).toBe(vector.reduce((sum, x, i) => sum + x * query[i]!, 0));
    }
    await index.close();
  });

  it.each([
    ["corpus", { corpusSha256: "c1" }],
    ["text field", { title: false }],
    ["encoder", { embedder: letters("other") }],
    ["passage prefix", { embedder: { ...letters(), prefixes: { query: "", passage: "p: " } } }],
  ])("builds anew for another %s", async (_, change) => {
    const { options, state } = await setUp();
    await (await openExact(options)).close();
    await (await openExact({ ...options, ...change })).close();
    expect(state.read).toBe(2);
    expect(await readdir(state.cacheDir)).toHaveLength(2);
  });

  it.each([
    ["cut short", async (path: string) => truncate(path, (await readFile(path)).length - 100)],
    ["empty", (path: string) => writeFile(path, "")],
    [
      "changed in one bit",
      async (path: string) => {
        const bytes = await readFile(path);
        bytes[bytes.length - 200]! ^= 1;
        await writeFile(path, bytes);
      },
    ],
  ])("replaces a file that is %s, without encoding anything again", async (_, damage) => {
    const { options, state, embedder, file } = await setUp();
    const index = await openExact(options);
    const before = await index.search(QUERY, 9, signal);
    await index.close();
    await damage(await file());
    const encoded = embedder.embedded.length;
    const again = await openExact(options);
    expect(state.read).toBe(2);
    expect(embedder.embedded).toHaveLength(encoded);
    expect(await again.search(QUERY, 9, signal)).toEqual(before);
    await again.close();
  });

  it("leaves nothing behind when it is aborted, and passes on what the corpus throws", async () => {
    const { options, state } = await setUp();
    const controller = new AbortController();
    const aborted = openExact({
      ...options,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error("enough")),
    });
    await expect(aborted).rejects.toThrow("enough");
    async function* broken(): AsyncGenerator<Passage> {
      yield CORPUS[0]!;
      throw new Error("no corpus");
    }
    await expect(openExact({ ...options, passages: broken })).rejects.toThrow("no corpus");
    expect(await readdir(state.cacheDir)).toEqual([]);
  });

  it("refuses vectors with NaN and says whose", async () => {
    const { options } = await setUp();
    const embedder = {
      ...letters("bad"),
      embed: async (texts: readonly string[]) => new Float32Array(texts.length * 8),
    };
    const bad = async (texts: readonly string[]) => (await embedder.embed(texts)).fill(Number.NaN, 24, 25);
    await expect(openExact({ ...options, embedder: { ...embedder, embed: bad } })).rejects.toThrow("passage 4 ");
  });

  it("says which folder cannot be written to", async () => {
    const { options, state } = await setUp();
    await writeFile(state.cacheDir, "a file");
    await expect(openExact(options)).rejects.toMatchObject({ code: "E_CACHE" });
  });

  it.skipIf(process.platform === "win32")("leaves the old index and no draft on a disk that fills", async () => {
    const { options, state } = await setUp();
    await (await openExact(options)).close();
    const before = await readdir(state.cacheDir);
    const limited = ["-c", 'ulimit -f 16; exec "$0" "$@"', process.execPath, "--input-type=module", "-e", FILLER];
    const child = spawnSync("sh", [...limited, DIST, state.cacheDir], { encoding: "utf8" });
    expect(child.stderr).toBe("");
    expect(child.stdout.trim()).toBe("E_CACHE");
    expect(await readdir(state.cacheDir)).toEqual(before);
    await (await openExact(options)).close();
    expect(state.read).toBe(1);
  });
});

const DIST = new URL("../../dist/", import.meta.url).href;
/** Builds a larger index where no file may grow beyond some kilobytes. */
const FILLER = `
  process.on("SIGXFSZ", () => {});
  const [dist, cacheDir] = process.argv.slice(1);
  const { openExact } = await import(dist + "search/exact-open.js");
  const { signal } = new AbortController();
  async function* passages() {
    for (let i = 0; i < 5000; i += 1) yield { id: "p" + i, document: "d", text: "text" };
  }
  const embedder = {
    dimensions: 8,
    hash: "0".repeat(64),
    prefixes: { query: "", passage: "" },
    embed: async (texts) => new Float32Array(texts.length * 8),
  };
  const store = { find: () => -1, read: async () => [], append: async () => {} };
  const options = { passages, embedder, store, cacheDir, signal, title: true, corpusSha256: "c1" };
  await openExact(options).then(() => console.log("built"), (error) => console.log(error.code));
`;
