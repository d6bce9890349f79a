import { describe, expect, it } from "vitest";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { openStaticEmbedder } from "./static-embedder.ts";
import { embedderConformance } from "./testing/embedder-conformance.ts";
import { safetensors } from "./testing/safetensors.ts";
import { idOf, TOKENIZER, tokenVector } from "./testing/tiny-encoder.ts";

const signal = new AbortController().signal;
const TABLE = Float32Array.from(Array.from({ length: 9 }, (_, id) => [...tokenVector(id)]).flat());

/** A folder as Model2Vec saves it, or with changes. */
async function folder(changes: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const files: Record<string, unknown> = {
    "model.safetensors": safetensors({ embeddings: ["F32", [9, 2], TABLE] }),
    "tokenizer.json": TOKENIZER,
    "config.json": { model_type: "model2vec", normalize: false },
    ...changes,
  };
  const text = (content: unknown) => (content instanceof Uint8Array ? content : JSON.stringify(content));
  const present = Object.entries(files).filter(([, content]) => content !== undefined);
  return tempFolder(Object.fromEntries(present.map(([name, content]) => [name, text(content)])));
}

/** The files of a sentence-transformers folder with StaticEmbedding. */
const STATIC_EMBEDDING = {
  "modules.json": [
    { idx: 0, name: "0", path: "0_StaticEmbedding", type: "sentence_transformers.models.StaticEmbedding" },
    { idx: 1, name: "1", path: "1_Normalize", type: "sentence_transformers.models.Normalize" },
  ],
  "0_StaticEmbedding/model.safetensors": safetensors({ "embedding.weight": ["F32", [9, 2], TABLE] }),
  "0_StaticEmbedding/tokenizer.json": TOKENIZER,
  "config.json": undefined,
};

function mean(...words: readonly string[]): number[] {
  const rows = words.map((word) => tokenVector(idOf(word)));
  return [0, 1].map((d) => Math.fround(rows.reduce((sum, row) => sum + row[d]!, 0) / rows.length));
}

describe("a static encoder", () => {
  embedderConformance(async () => openStaticEmbedder({ folder: await folder() }));

  it("is the mean of the token vectors, without special and unknown tokens, as Model2Vec is", async () => {
    const embedder = await openStaticEmbedder({ folder: await folder() });
    const vectors = await embedder.embed(["red dog dog", "red unheard-of", "cat"], "passage", signal);
    expect([...vectors]).toEqual([...mean("red", "dog", "dog"), ...mean("red"), ...mean("cat")]);
    expect(embedder.counts).toMatchObject({ texts: 3, tokens: 5, empty: 0 });
  });

  it("reads StaticEmbedding as sentence-transformers does: unknown tokens too, of length 1", async () => {
    const embedder = await openStaticEmbedder({ folder: await folder(STATIC_EMBEDDING) });
    const [x, y] = await embedder.embed(["red strange"], "passage", signal);
    const [a, b] = mean("red", "[UNK]");
    expect([x, y]).toEqual([a! / Math.hypot(a!, b!), b! / Math.hypot(a!, b!)].map(Math.fround));
  });

  it("gives zeros for a text without tokens, normalised or not, and counts it", async () => {
    for (const normalize of [true, false]) {
      const embedder = await openStaticEmbedder({ folder: await folder(), normalize });
      expect([...(await embedder.embed(["", "never heard"], "query", signal))]).toEqual([0, 0, 0, 0]);
      expect(embedder.counts.empty).toBe(2);
    }
  });

  it("cuts 10,000 tokens to Model2Vec's 512 and counts it; StaticEmbedding reads them all", async () => {
    const text = `${"red ".repeat(512)}${"dog ".repeat(9488)}`;
    const model2vec = await openStaticEmbedder({ folder: await folder() });
    expect([...(await model2vec.embed([text], "passage", signal))]).toEqual(mean("red"));
    expect(model2vec.counts).toMatchObject({ truncated: 1, tokens: 512 });
    const all = await openStaticEmbedder({ folder: await folder(STATIC_EMBEDDING) });
    await all.embed([text], "passage", signal);
    expect(all.counts).toMatchObject({ truncated: 0, tokens: 10_000 });
  });

  it("puts prefixes before texts and leaves them out of its hash; a changed table changes it", async () => {
    const plain = await openStaticEmbedder({ folder: await folder() });
    const prefixed = await openStaticEmbedder({ folder: await folder(), prefixes: { query: "cat " } });
    expect([...(await prefixed.embed(["red"], "query", signal))]).toEqual(mean("cat", "red"));
    expect([...(await prefixed.embed(["red"], "passage", signal))]).toEqual(mean("red"));
    expect(prefixed.hash).toBe(plain.hash);
    const weights = safetensors({ embeddings: ["F32", [9, 2], TABLE.map((x) => x + 1)] });
    expect((await openStaticEmbedder({ folder: await folder({ "model.safetensors": weights }) })).hash).not.toBe(
      plain.hash,
    );
  });

  it("stops when it is aborted", async () => {
    const embedder = await openStaticEmbedder({ folder: await folder() });
    await expect(embedder.embed(["red"], "query", AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
  });

  const table = (dtype: string, shape: readonly number[], data: Float32Array | Uint16Array) =>
    safetensors({ embeddings: [dtype, shape, data] });
  it.each([
    ["without weights", { "model.safetensors": undefined }, "E_ENCODER_WEIGHTS"],
    ["with a vector for a table", { "model.safetensors": table("F32", [18], TABLE) }, "E_ENCODER_WEIGHTS"],
    ["with NaN in it", { "model.safetensors": table("F32", [1, 1], Float32Array.of(Number.NaN)) }, "E_ENCODER_WEIGHTS"],
    ["with another tensor", { "model.safetensors": safetensors({ x: ["F32", [9, 2], TABLE] }) }, "E_ENCODER_WEIGHTS"],
    ["without a tokenizer", { "tokenizer.json": undefined }, "E_ENCODER_TOKENIZER"],
    [
      "that holds a transformer",
      { "modules.json": ["a.Transformer", "a.Pooling"].map((type) => ({ type, path: "" })) },
      "E_ENCODER_MODULE",
    ],
  ])("refuses a folder %s", async (_, changes, code) => {
    await expect(folder(changes).then((path) => openStaticEmbedder({ folder: path }))).rejects.toMatchObject({ code });
  });

  it("refuses a table with fewer rows than the tokenizer has tokens, at the first that lacks one", async () => {
    const small = table("F32", [5, 2], TABLE.slice(0, 10));
    const embedder = await openStaticEmbedder({ folder: await folder({ "model.safetensors": small }) });
    expect([...(await embedder.embed(["red"], "query", signal))]).toEqual(mean("red"));
    await expect(embedder.embed(["dog"], "query", signal)).rejects.toMatchObject({ code: "E_ENCODER_WEIGHTS" });
  });
});
