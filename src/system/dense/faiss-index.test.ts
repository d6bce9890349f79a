import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { DenseConfig, RetrieverConfig } from "../../config/retriever-schema.ts";
import type { Passage } from "../../core/passage.ts";
import { seeded } from "../../core/rng.ts";
import { safetensors } from "../../embed/testing/safetensors.ts";
import { TOKENIZER, tinyEncoder } from "../../embed/testing/tiny-encoder.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { faissStatus, loadFaiss } from "../../search/faiss-module.ts";
import { buildContext, closeAll } from "../build-context.ts";
import type { BuildProgress, BuiltSystem, SystemDeps } from "../build-system.ts";
import { buildForTest, realClock, systemOf } from "../testing/build-for-test.ts";
import { describeRetriever } from "../testing/retriever-conformance.ts";
import { buildDense } from "./build-dense.ts";
import { faissHere } from "./faiss-here.ts";

const status = faissStatus();
const reason = status.available ? "" : ` (skipped: ${status.problem.got}; ${status.problem.fix})`;
const signal = new AbortController().signal;

const WORDS = ["ranking", "of", "passages", "scores", ...Array.from({ length: 56 }, (_, i) => `word${i}`)];
const D = 8;
const rng = seeded("passages");
/** Texts of six words, so that most are near to some others and to none alike. */
const PASSAGES: readonly Passage[] = Array.from({ length: 600 }, (_, at) => ({
  id: `p${at}`,
  document: "d",
  text: Array.from({ length: 6 }, () => WORDS[Math.floor(rng.float() * WORDS.length)]).join(" "),
}));
const QUERIES = PASSAGES.slice(0, 40).map(({ text }, at) => ({ id: `q${at}`, text }));

/** A static encoder whose words have vectors drawn at random. */
let folder: string;
beforeAll(async () => {
  const names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", ...WORDS];
  const table = Float32Array.from({ length: names.length * D }, () => rng.float() - 0.5);
  const vocab = Object.fromEntries(names.map((word, id) => [word, id]));
  folder = await mkdtemp(join(tmpdir(), "faiss-encoder-"));
  const files = {
    ...tinyEncoder({ "model.onnx": undefined, "modules.json": undefined }),
    "model.safetensors": safetensors({ embeddings: ["F32", [names.length, D], table] }),
    "tokenizer.json": JSON.stringify({ ...TOKENIZER, model: { ...TOKENIZER.model, vocab } }),
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
});
const open: BuiltSystem[] = [];
afterEach(async () => {
  for (const system of open.splice(0)) await system.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Index = DenseConfig["index"];
const HNSW: Index = { kind: "hnsw", M: 16, efConstruction: 100, efSearch: 200 };
const IVF: Index = { kind: "ivf", nlist: 9, nprobe: 2 };
const configOf = (index: Index): DenseConfig => ({
  kind: "dense",
  encoder: { kind: "static", path: folder, normalise: true },
  index,
  title: true,
});
async function buildOf(retriever: RetrieverConfig, deps: Partial<SystemDeps> = {}): Promise<BuiltSystem> {
  const system = await buildForTest({ retriever }, PASSAGES, deps);
  open.push(system);
  return system;
}
const build = (index: Index, deps?: Partial<SystemDeps>) => buildOf(configOf(index), deps);
async function found(index: Index): Promise<string[][]> {
  const { retriever } = await build(index);
  const rankings = await retriever!.search(QUERIES, 10, signal);
  return rankings.map((ranking) => ranking.map(([id]) => id));
}
function recall(approximate: readonly string[][], exact: readonly string[][]): number {
  const shares = exact.map((ids, at) => ids.filter((id) => approximate[at]!.includes(id)).length / ids.length);
  return shares.reduce((a, b) => a + b) / shares.length;
}

if (status.available) {
  const timed = { stages: ["encode", "search"], source: "measured" } as const;
  for (const index of [{ kind: "flat" } as const, HNSW, IVF]) {
    describeRetriever(`dense, ${index.kind}`, async () => (await build(index)).retriever!, timed);
  }
}

describe.skipIf(!status.available)(`a dense retriever over an index of faiss${reason}`, () => {
  it("finds with flat what exact search finds", async () => {
    expect(await found({ kind: "flat" })).toEqual(await found("exact"));
  });

  it("finds more with more candidates and with more cells, all of it with all cells", async () => {
    const exact = await found("exact");
    const sparse = { kind: "hnsw", M: 2, efConstruction: 4 } as const;
    const of = async (index: Index) => recall(await found(index), exact);
    expect(await of({ ...sparse, efSearch: 300 })).toBeGreaterThan(await of({ ...sparse, efSearch: 1 }));
    expect(await of(IVF)).toBeLessThan(1);
    expect(await of({ ...IVF, nprobe: 9 })).toBe(1);
  });

  it.each([
    [{ kind: "flat" } as const, /the flat index finds 1\.0000 of the 10 nearest/],
    [
      IVF,
      /the ivf index finds 0\.\d{4} of the 10 nearest .* \(measured when it was built, with the first words of 200 passages as questions\)/,
    ],
  ])("tells its recall against exact search: %j", async (index, note) => {
    expect((await build(index)).notes()).toEqual([expect.stringMatching(note)]);
    expect((await build("exact")).notes()).toEqual([]);
  });

  it("is built once and told of as it was measured then; other settings share the vectors", async () => {
    const cacheDir = await tempFolder();
    const seen: BuildProgress[] = [];
    const deps = { cacheDir, onProgress: (progress: BuildProgress) => seen.push(progress) };
    const first = await build(IVF, deps);
    expect(new Set(seen.map(({ stage }) => stage))).toEqual(new Set(["embed", "index"]));
    expect(seen.at(-1)).toEqual({ stage: "index", done: PASSAGES.length });
    seen.length = 0;
    const second = await build(IVF, deps);
    expect(seen).toEqual([]);
    expect(second.notes()).toEqual(first.notes());
    expect(await second.retriever!.search(QUERIES, 10, signal)).toEqual(
      await first.retriever!.search(QUERIES, 10, signal),
    );
    await build(HNSW, deps);
    expect(new Set(seen.map(({ stage }) => stage))).toEqual(new Set(["index"]));
    const names = (await readdir(cacheDir)).filter((name) => name.endsWith(".index"));
    expect(names.filter((name) => name.startsWith("faiss-"))).toHaveLength(2);
    expect(names.filter((name) => name.startsWith("exact-"))).toHaveLength(1);
  });

  it("refuses more cells than there are passages", async () => {
    await expect(build({ kind: "ivf", nlist: 601, nprobe: 1 })).rejects.toMatchObject({ code: "E_FAISS_SETTINGS" });
  });

  it("can be a part of a fusion", async () => {
    const bm25 = { kind: "bm25", k1: 1.2, b: 0.75, stop_words: "none", stemmer: "none", title: true } as const;
    const fusion = { kind: "fusion", method: "rrf", normalise: "none", depth: 50, rrf_k: 60 } as const;
    const of = (index: Index) =>
      buildOf({ ...fusion, of: [bm25, configOf(index)] }).then(({ retriever }) =>
        retriever!.search(QUERIES, 10, signal),
      );
    expect(await of({ kind: "flat" })).toEqual(await of("exact"));
  });
});

describe("without faiss", () => {
  const missing = () => loadFaiss(["no-such-package"]);

  it("nothing is done before it is said, with the fix", async () => {
    const cacheDir = join(await tempFolder(), "cache");
    const passages = (): never => expect.unreachable("the corpus was read");
    const deps = { passages, corpusSha256: "c", cacheDir, env: {}, signal, clock: realClock };
    const config = { ...configOf(HNSW), encoder: { kind: "static", path: "nowhere" } } as const;
    const built = buildDense(config, "/retriever", buildContext(systemOf({ retriever: config }), deps), missing);
    await expect(built).rejects.toMatchObject({ name: "UnavailableError", code: "E_FAISS_MISSING" });
    await expect(built).rejects.toThrow("npm run build:faiss");
    await expect(readdir(cacheDir)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("exact search works", async () => {
    const cacheDir = await tempFolder();
    const deps = { corpusSha256: "c", cacheDir, env: {}, signal, clock: realClock };
    const passages = async function* () {
      yield* PASSAGES;
    };
    const config = configOf("exact");
    const context = buildContext(systemOf({ retriever: config }), { passages, ...deps });
    const retriever = await buildDense(config, "/retriever", context, missing);
    expect((await retriever.search(QUERIES.slice(0, 1), 1, signal))[0]![0]![0]).toBe("p0");
    await closeAll(context);
  });
});

describe("in a worker thread", () => {
  it("faiss is not loaded: two threads with it would end the process", () => {
    const load = (): never => expect.unreachable("loaded");
    expect(() => faissHere(load, false)).toThrow(
      expect.objectContaining({ name: "UnavailableError", code: "E_FAISS_THREAD" }),
    );
  });
});
