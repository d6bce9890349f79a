import { readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { seeded } from "../core/rng.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { ExactIndex } from "./exact-index.ts";
import { exactMemory } from "./exact-memory.ts";
import { faissStatus, loadFaiss } from "./faiss-module.ts";
import { openFaiss } from "./faiss-open.ts";
import type { FaissSettings } from "./faiss-settings.ts";

const status = faissStatus();
const built = describe.skipIf(!status.available);
if (!status.available) console.warn(`faiss tests skipped: ${status.problem.got}; ${status.problem.fix}`);

const signal = new AbortController().signal;
const D = 16;
const ROWS = 3000;
const HNSW: FaissSettings = { kind: "hnsw", M: 16, efConstruction: 100, efSearch: 64 };
const IVF: FaissSettings = { kind: "ivf", nlist: 20, nprobe: 5 };

/** Vectors of length 1 in groups, as encoders give them. */
function unitVectors(seed: string, count: number): Float32Array {
  const rng = seeded(seed);
  const centres = Array.from({ length: 30 * D }, () => rng.float() - 0.5);
  const vectors = new Float32Array(count * D);
  for (let i = 0; i < count; i += 1) {
    const centre = Math.floor(rng.float() * 30) * D;
    const vector = Array.from({ length: D }, (_, d) => centres[centre + d]! + 0.3 * (rng.float() - 0.5));
    const norm = Math.hypot(...vector);
    for (const [d, x] of vector.entries()) vectors[i * D + d] = x / norm;
  }
  return vectors;
}

const ids = Array.from({ length: ROWS }, (_, i) => `p${i}`);
const vectors = unitVectors("rows", ROWS);
const rows = () => exactMemory(ids, vectors, D);
const queries = vectors.subarray(0, 50 * D);

async function open(settings: FaissSettings, cacheDir: string, rowsKey = "k0", onProgress?: (done: number) => void) {
  const progress = onProgress ? { onProgress } : {};
  return openFaiss({ rows: rows(), rowsKey, settings, cacheDir, signal, ...progress });
}

async function recallAt10(settings: FaissSettings): Promise<number> {
  const found = await (await open(settings, await tempFolder())).search(queries, 10, signal);
  const exact = await (await ExactIndex.create(rows())).search(queries, 10, signal);
  const shares = found.map((ranking, q) => {
    const nearest = new Set(exact[q]!.map(([id]) => id));
    return ranking.filter(([id]) => nearest.has(id)).length / 10;
  });
  return shares.reduce((a, b) => a + b) / shares.length;
}

describe("faissStatus", () => {
  it("says what is missing and how to get it", () => {
    const missing = faissStatus(["no-such-package"]);
    expect(missing).toMatchObject({ available: false, problem: { code: "E_FAISS_MISSING" } });
    expect(() => loadFaiss(["no-such-package"])).toThrow(
      expect.objectContaining({ name: "UnavailableError", code: "E_FAISS_MISSING", exitCode: 4 }),
    );
    expect(() => loadFaiss(["no-such-package"])).toThrow("npm run build:faiss");
  });

  it("tells a binary that cannot be loaded from one that is not there", async () => {
    const path = join(await tempFolder(), "faiss-node.node");
    await writeFile(path, "no binary");
    expect(faissStatus([path])).toMatchObject({ available: false, problem: { code: "E_FAISS_BROKEN", where: path } });
    if (status.available) expect(faissStatus([path, status.path])).toEqual(status);
  });
});

built("openFaiss", () => {
  it("flat finds what exact search finds, in its order", async () => {
    const index = await open({ kind: "flat" }, await tempFolder());
    const found = await index.search(queries, 10, signal);
    const exact = await (await ExactIndex.create(rows())).search(queries, 10, signal);
    for (const [q, ranking] of found.entries()) {
      expect(ranking.map(([id]) => id)).toEqual(exact[q]!.map(([id]) => id));
      for (const [at, [, score]] of ranking.entries()) expect(score).toBeCloseTo(exact[q]![at]![1], 5);
    }
    expect(index.recall).toEqual({ k: 10, queries: 200, recall: 1, own: true });
  });

  it("breaks ties by id descending by bytes", async () => {
    const names = ["p1", "p10", "p2", "é"];
    const source = exactMemory(names, Float32Array.from(names.flatMap(() => [1, 0])), 2);
    const cacheDir = await tempFolder();
    const index = await openFaiss({ rows: source, rowsKey: "t", settings: { kind: "flat" }, cacheDir, signal });
    const [found] = await index.search(Float32Array.of(1, 0), 9, signal);
    expect(found!.map(([id]) => id)).toEqual(["é", "p2", "p10", "p1"]);
  });

  it("finds more with a larger efSearch, and with a larger nprobe", async () => {
    const sparse = { ...HNSW, M: 4, efConstruction: 10 };
    expect(await recallAt10({ ...sparse, efSearch: 200 })).toBeGreaterThan(
      await recallAt10({ ...sparse, efSearch: 10 }),
    );
    const cells = { ...IVF, nlist: 70 };
    expect(await recallAt10({ ...cells, nprobe: 20 })).toBeGreaterThan(await recallAt10({ ...cells, nprobe: 1 }));
    expect(await recallAt10({ ...cells, nprobe: 70 })).toBe(1);
  });

  it("measures its recall with questions where it is given some, which it finds less of than of its own vectors", async () => {
    const asked = unitVectors("questions", 60);
    const settings = { kind: "hnsw", M: 4, efConstruction: 8, efSearch: 4 } as const;
    const options = { rows: rows(), rowsKey: "k", settings, signal };
    const told = await openFaiss({ ...options, cacheDir: await tempFolder(), questions: async () => asked });
    expect(told.recall).toMatchObject({ k: 10, queries: 60, own: false });
    const exact = await (await ExactIndex.create(rows())).search(asked, 10, signal);
    const found = await told.search(asked, 10, signal);
    const both = found.flatMap((hits, q) => hits.filter(([id]) => exact[q]!.some(([other]) => other === id)));
    expect(told.recall.recall).toBeCloseTo(both.length / 600, 12);
    const own = await openFaiss({
      ...options,
      cacheDir: await tempFolder(),
      questions: async () => new Float32Array(0),
    });
    expect(own.recall).toMatchObject({ queries: 200, own: true });
    expect(told.recall.recall).toBeLessThan(own.recall.recall);
  });

  it.each([HNSW, IVF])("is built once, then loaded with its recall: $kind", async (settings) => {
    const cacheDir = await tempFolder();
    const added: number[] = [];
    const first = await open(settings, cacheDir, "k0", (done) => added.push(done));
    expect(added.at(-1)).toBe(ROWS);
    expect(first.recall.recall).toBeGreaterThan(0.8);
    const second = await open(settings, cacheDir, "k0", () => expect.unreachable());
    expect(second.recall).toEqual(first.recall);
    expect(await second.search(queries, 10, signal)).toEqual(await first.search(queries, 10, signal));
    expect((await readdir(cacheDir)).length).toBe(2);
  });

  it("builds another for other rows and other settings", async () => {
    const cacheDir = await tempFolder();
    await open(HNSW, cacheDir);
    await open(HNSW, cacheDir, "k1");
    await open({ ...HNSW, efSearch: 65 }, cacheDir);
    expect((await readdir(cacheDir)).filter((name) => name.endsWith(".index"))).toHaveLength(3);
  });

  it.each<[string, (path: string) => Promise<void>]>([
    ["was cut short", (path) => truncate(path, 5000)],
    ["is empty", (path) => truncate(path, 0)],
    ["has one byte changed", async (path) => writeFile(path, (await readFile(path)).fill(7, 900, 901))],
    ["has no card", (path) => writeFile(`${path}.json`, "")],
    ["has the card of another", async (path) => writeFile(`${path}.json`, '{"key":"other"}')],
  ])("replaces an index that %s", async (_what, damage) => {
    const cacheDir = await tempFolder();
    const expected = await (await open(HNSW, cacheDir)).search(queries, 10, signal);
    const name = (await readdir(cacheDir)).find((file) => file.endsWith(".index"))!;
    await damage(join(cacheDir, name));
    let built = 0;
    const again = await open(HNSW, cacheDir, "k0", () => {
      built += 1;
    });
    expect(built).toBeGreaterThan(0);
    expect(await again.search(queries, 10, signal)).toEqual(expected);
  });

  it.each<[FaissSettings, string]>([
    [{ ...HNSW, M: 1 }, "M"],
    [{ ...HNSW, efSearch: 0 }, "efSearch"],
    [{ ...HNSW, efConstruction: 1.5 }, "efConstruction"],
    [{ ...IVF, nlist: ROWS + 1 }, "nlist"],
    [{ ...IVF, nprobe: 21 }, "nprobe"],
  ])("refuses %j", async (settings, name) => {
    const error = await open(settings, await tempFolder()).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: "E_FAISS_SETTINGS" });
    expect((error as Error).message).toContain(name);
  });

  it("refuses queries that are not of its encoder", async () => {
    const index = await open({ kind: "flat" }, await tempFolder());
    await expect(index.search(new Float32Array(D + 1), 5, signal)).rejects.toMatchObject({
      code: "E_ENCODER_DIMENSIONS",
    });
    const broken = new Float32Array(D).fill(Number.NaN);
    await expect(index.search(broken, 5, signal)).rejects.toMatchObject({ code: "E_ENCODER_VECTOR" });
    await expect(index.search(queries, 0, signal)).rejects.toMatchObject({ code: "E_ARGUMENT" });
  });

  it("gives all passages for a k beyond their number, and none of an empty corpus", async () => {
    const small = exactMemory(["a", "b"], Float32Array.of(1, 0, 0, 1), 2);
    const cacheDir = await tempFolder();
    const options = { settings: { kind: "flat" }, cacheDir, signal } as const;
    const [found] = await (await openFaiss({ rows: small, rowsKey: "s", ...options })).search(
      Float32Array.of(1, 0),
      9,
      signal,
    );
    expect(found).toEqual([
      ["a", 1],
      ["b", 0],
    ]);
    const none = exactMemory([], new Float32Array(0), 2);
    const empty = await openFaiss({ rows: none, rowsKey: "e", ...options });
    expect(await empty.search(Float32Array.of(1, 0), 9, signal)).toEqual([[]]);
  });

  it("stops with the signal's reason and leaves nothing", async () => {
    const cacheDir = await tempFolder();
    const controller = new AbortController();
    const stopped = openFaiss({
      rows: rows(),
      rowsKey: "k0",
      settings: HNSW,
      cacheDir,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error("stop")),
    });
    await expect(stopped).rejects.toThrow("stop");
    expect(await readdir(cacheDir)).toEqual([]);
  });

  it("a folder that cannot be written to is a problem with its fix", async () => {
    const inTheWay = join(await tempFolder(), "file");
    await writeFile(inTheWay, "");
    await expect(open({ kind: "flat" }, join(inTheWay, "cache"))).rejects.toMatchObject({ code: "E_CACHE" });
  });
});
