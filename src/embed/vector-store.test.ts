import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFile, readdir, readFile, readlink, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { embedStream, embedWithStore } from "./embed-with-store.ts";
import { hashEmbedder, hashVector } from "./testing/hash-embedder.ts";
import { VectorStore } from "./vector-store.ts";

const signal = new AbortController().signal;
const TEXTS = Array.from({ length: 100 }, (_, i) => `text ${i}`);

/** What embedding these texts gave, and how many were encoded, with a store opened for it alone. */
async function run(folder: string, texts: readonly string[], window = 16, embedder = hashEmbedder()) {
  const store = await VectorStore.open(folder, embedder);
  const done = await embedWithStore(embedder, store, texts, "passage", { signal, window });
  await store.close();
  expect([...done.vectors]).toEqual(texts.flatMap((text) => hashVector(embedder.prefixes.passage + text)));
  expect(done.embedded).toBe(embedder.given.length);
  expect(done.embedded + done.reused).toBe(texts.length);
  return embedder.given;
}

/** The folder of the encoder below that of the store. */
async function segments(folder: string, ending: string): Promise<string[]> {
  const own = join(folder, hashEmbedder().hash.slice(0, 32));
  return (await readdir(own))
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(own, name));
}

describe("a store of vectors", () => {
  it("has every text encoded in a first run and none in a second", async () => {
    const folder = await tempFolder();
    expect(await run(folder, TEXTS)).toEqual(TEXTS);
    expect(await run(folder, TEXTS)).toEqual([]);
    expect(await segments(folder, ".keys")).toHaveLength(1);
  });

  it("has a changed text encoded, and no other", async () => {
    const folder = await tempFolder();
    await run(folder, TEXTS);
    expect(await run(folder, TEXTS.with(40, "another"))).toEqual(["another"]);
    expect(await run(folder, [...TEXTS.toReversed(), "another"])).toEqual([]);
  });

  it("has equal texts encoded once", async () => {
    expect(await run(await tempFolder(), ["a", "b", "a", "a", "", ""], 4)).toEqual(["a", "b", ""]);
  });

  it("knows a text by what is encoded: another prefix is another text, an equal one the same", async () => {
    const folder = await tempFolder();
    await run(folder, ["q: a"]);
    expect(await run(folder, ["a", "b"], 16, hashEmbedder({ query: "", passage: "q: " }))).toEqual(["b"]);
    expect(await run(folder, ["a"])).toEqual(["a"]);
  });

  it("keeps what was encoded before an abort", async () => {
    const folder = await tempFolder();
    const embedder = hashEmbedder();
    const store = await VectorStore.open(folder, embedder);
    const controller = new AbortController();
    const stream = embedStream(embedder, store, TEXTS, "passage", { signal: controller.signal, window: 10 });
    await stream.next();
    await stream.next();
    controller.abort(new Error("enough"));
    await expect(stream.next()).rejects.toThrow("enough");
    await store.close();
    expect(await run(folder, TEXTS)).toEqual(TEXTS.slice(20));
  });

  it.each([1, 5, 15, 16, 17, 100, 1599])(
    "drops a tail of which %i bytes are missing, in either file",
    async (bytes) => {
      for (const ending of [".f32", ".keys"]) {
        const folder = await tempFolder();
        await run(folder, TEXTS);
        const [path] = await segments(folder, ending);
        const { size } = await stat(path!);
        await truncate(path!, Math.max(0, size - bytes));
        const width = ending === ".f32" ? 16 : 20;
        const lost = Math.min(100, Math.ceil(bytes / width));
        expect(await run(folder, TEXTS)).toEqual(TEXTS.slice(100 - lost));
        expect(await run(folder, TEXTS)).toEqual([]);
      }
    },
  );

  it("drops bytes beyond the last whole record", async () => {
    const folder = await tempFolder();
    await run(folder, TEXTS);
    for (const ending of [".f32", ".keys"]) await appendFile((await segments(folder, ending))[0]!, "torn");
    expect(await run(folder, TEXTS)).toEqual([]);
  });

  it("has a vector encoded again that the disk lost", async () => {
    const folder = await tempFolder();
    await run(folder, TEXTS);
    const [path] = await segments(folder, ".f32");
    const bytes = await readFile(path!);
    bytes.fill(0, 16 * 7, 16 * 9);
    await writeFile(path!, bytes);
    expect(await run(folder, TEXTS)).toEqual(["text 7", "text 8"]);
    expect(await run(folder, TEXTS)).toEqual([]);
  });

  it("is shared by two that write at once, and by any later one", async () => {
    const folder = await tempFolder();
    const two = await Promise.all([0, 1].map(() => VectorStore.open(folder, hashEmbedder())));
    const halves = [TEXTS.slice(0, 60), TEXTS.slice(40)];
    await Promise.all(
      two.map((store, i) => embedWithStore(hashEmbedder(), store, halves[i]!, "passage", { signal, window: 7 })),
    );
    await Promise.all(two.map((store) => store.close()));
    expect(await segments(folder, ".keys")).toHaveLength(2);
    expect(await run(folder, TEXTS)).toEqual([]);
  });

  it("takes windows that one process encodes at once", async () => {
    const folder = await tempFolder();
    const embedder = hashEmbedder();
    const store = await VectorStore.open(folder, embedder);
    const parts = [0, 25, 50, 75].map((from) => TEXTS.slice(from, from + 25));
    await Promise.all(parts.map((part) => embedWithStore(embedder, store, part, "passage", { signal, window: 5 })));
    expect(store.size).toBe(100);
    await store.close();
    expect(await run(folder, TEXTS)).toEqual([]);
  });

  it("keeps all whole records of a process that was killed while it wrote", async () => {
    const folder = await tempFolder();
    const child = spawn(process.execPath, ["--input-type=module", "-e", WRITER, STORE, folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    await new Promise((resolve) => setTimeout(resolve, 30));
    child.kill("SIGKILL");
    await once(child, "close");
    const store = await VectorStore.open(folder, hashEmbedder());
    expect(store.size).toBeGreaterThan(0);
    const texts = Array.from({ length: store.size }, (_, i) => `k${i}`);
    const rows = texts.map((text) => store.find(VectorStore.keyOf(text)));
    expect(rows).toEqual(texts.map((_, i) => i));
    const vectors = new Float32Array(texts.length * 4);
    expect(await store.read(rows, vectors)).toEqual([]);
    expect([...vectors]).toEqual(texts.flatMap((_, i) => [i, i, i, i]));
    await store.close();
  });

  it("finds each of 20,000 keys, and none that is not there", async () => {
    const store = await VectorStore.open(await tempFolder(), hashEmbedder());
    const keys = Array.from({ length: 20_000 }, (_, i) => VectorStore.keyOf(`k${i}`));
    await store.append(keys, new Float32Array(80_000));
    expect(keys.every((key, i) => store.find(key) === i)).toBe(true);
    expect(store.find(VectorStore.keyOf("k20000"))).toBe(-1);
    await store.close();
  });

  it("refuses an encoder of the same hash and other dimensions, and a manifest that is none", async () => {
    const folder = await tempFolder();
    await run(folder, ["a"]);
    const other = VectorStore.open(folder, { ...hashEmbedder(), dimensions: 5 });
    await expect(other).rejects.toMatchObject({ code: "E_ENCODER_DIMENSIONS" });
    const [manifest] = await segments(folder, "store.json");
    await writeFile(manifest!, '{"version"');
    await expect(run(folder, ["a"])).rejects.toMatchObject({ code: "E_ENCODER_DIMENSIONS" });
    await rm(manifest!);
    expect(await run(folder, ["a"])).toEqual([]);
  });

  it("says which folder cannot be used", async () => {
    const folder = await tempFolder({ file: "" });
    await expect(VectorStore.open(join(folder, "file"), hashEmbedder())).rejects.toMatchObject({ code: "E_CACHE" });
  });

  it.skipIf(process.platform !== "linux")("leaves no file open when one of its segments cannot be read", async () => {
    const folder = await tempFolder();
    await run(folder, ["a"]);
    await run(folder, ["b"]);
    const [, second] = await segments(folder, ".f32");
    await rm(second!);
    await expect(VectorStore.open(folder, hashEmbedder())).rejects.toMatchObject({ code: "E_CACHE" });
    const open = await Promise.all(
      (await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")),
    );
    expect(open.filter((path) => path.startsWith(folder))).toEqual([]);
  });

  it.skipIf(process.platform === "win32")("keeps what it had on a disk that fills, and says so", async () => {
    const folder = await tempFolder();
    const limited = ["-c", 'ulimit -f 8; exec "$0" "$@"', process.execPath, "--input-type=module", "-e", WRITER];
    const child = spawnSync("sh", [...limited, STORE, folder], { encoding: "utf8" });
    expect(child.stderr).toContain("E_CACHE");
    const store = await VectorStore.open(folder, hashEmbedder());
    expect(store.size).toBeGreaterThan(30);
    const texts = Array.from({ length: store.size }, (_, i) => `k${i}`);
    const vectors = new Float32Array(texts.length * 4);
    const rows = texts.map((text) => store.find(VectorStore.keyOf(text)));
    expect(await store.read(rows, vectors)).toEqual([]);
    expect([...vectors]).toEqual(texts.flatMap((_, i) => [i, i, i, i]));
    await store.close();
  });
});

const STORE = new URL("../../dist/embed/vector-store.js", import.meta.url).href;
/** Keeps three vectors at a time until it is stopped; a file at its limit is an error, not the end. */
const WRITER = `
  process.on("SIGXFSZ", () => {});
  const { VectorStore } = await import(process.argv[1]);
  const encoder = { hash: ${JSON.stringify(hashEmbedder().hash)}, dimensions: 4 };
  const store = await VectorStore.open(process.argv[2], encoder);
  for (let i = 0; ; i += 3) {
    const keys = [i, i + 1, i + 2].map((n) => VectorStore.keyOf("k" + n));
    await store.append(keys, Float32Array.from([i, i + 1, i + 2].flatMap((n) => [n, n, n, n])));
    if (i === 30) console.log("going");
  }`;
