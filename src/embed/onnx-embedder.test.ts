import { describe, expect, it } from "vitest";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { type OnnxOptions, openOnnxEmbedder } from "./onnx-embedder.ts";
import { embedderConformance } from "./testing/embedder-conformance.ts";
import { idOf, TOKENIZER, tableModel, tinyEncoder, tokenVector } from "./testing/tiny-encoder.ts";

const signal = new AbortController().signal;
const [CLS, SEP] = ["[CLS]", "[SEP]"];

async function open(changes: Readonly<Record<string, unknown>> = {}, options: Partial<OnnxOptions> = {}) {
  return openOnnxEmbedder({ folder: await tempFolder(tinyEncoder(changes)), ...options });
}

/** The mean of the vectors of some tokens. */
function mean(...tokens: readonly string[]): number[] {
  const rows = tokens.map((token) => tokenVector(idOf(token)));
  return [0, 1].map((d) => Math.fround(rows.reduce((sum, row) => sum + row[d]!, 0) / rows.length));
}

describe("an ONNX encoder", () => {
  embedderConformance(open);

  it("is the mean of the token vectors, special tokens included and padding not", async () => {
    const embedder = await open();
    const vectors = await embedder.embed(["red", "red green blue cat"], "passage", signal);
    expect([...vectors]).toEqual([...mean(CLS!, "red", SEP!), ...mean(CLS!, "red", "green", "blue", "cat", SEP!)]);
    expect(embedder.counts).toEqual({ texts: 2, tokens: 9, truncated: 0, empty: 0 });
  });

  it.each([
    [{ pooling_mode_cls_token: true, pooling_mode_mean_tokens: false }, tokenVector(2)],
    [{ pooling_mode_lasttoken: true }, tokenVector(3)],
    [{ pooling_mode: "cls" }, tokenVector(2)],
    [{ pooling_mode: "lasttoken", embedding_dimension: 2 }, tokenVector(3)],
    [{ pooling_mode: ["mean"] }, mean(CLS!, "red", "dog", SEP!)],
  ])("pools as %j says", async (config, expected) => {
    const embedder = await open({ "1_Pooling/config.json": config });
    expect([...(await embedder.embed(["red dog", "a longer text than that"], "query", signal))].slice(0, 2)).toEqual([
      ...expected,
    ]);
  });

  it("scales to length 1 where the folder has Normalize, or the user says so", async () => {
    const types = ["models.Transformer", "models.Pooling", "models.Normalize"];
    const modules = types.map((type, idx) => ({ idx, name: "", path: ["", "1_Pooling", "2_Normalize"][idx], type }));
    for (const embedder of [await open({ "modules.json": modules }), await open({}, { normalize: true })]) {
      const [x, y] = await embedder.embed(["red"], "query", signal);
      expect(Math.hypot(x!, y!)).toBeCloseTo(1, 6);
      expect(y! / x!).toBeCloseTo(mean(CLS!, "red", SEP!)[1]! / mean(CLS!, "red", SEP!)[0]!, 5);
    }
  });

  it("keeps the order of the texts whatever their lengths and the size of a batch", async () => {
    const words = ["red", "green", "blue", "cat", "dog"];
    const texts = Array.from({ length: 200 }, (_, i) => words.slice(0, 1 + ((i * 7) % 5)).join(" "));
    const one = await (await open({}, { batchTokens: 1 })).embed(texts, "passage", signal);
    const all = await (await open({}, { batchTokens: 100_000 })).embed(texts, "passage", signal);
    expect(all).toEqual(one);
    const expected = texts.flatMap((text) => mean(CLS!, ...text.split(" "), SEP!));
    expect([...all]).toEqual(expected);
  });

  it("cuts a text that is too long, keeps its last special token, and counts it", async () => {
    const embedder = await open({ "sentence_bert_config.json": { max_seq_length: 4 } });
    const vectors = await embedder.embed(["red green blue cat dog", "red green"], "passage", signal);
    expect([...vectors]).toEqual([...mean(CLS!, "red", "green", SEP!), ...mean(CLS!, "red", "green", SEP!)]);
    expect(embedder.counts).toMatchObject({ truncated: 1, tokens: 8 });
  });

  it("reads 10,000 tokens to the limit and no further", async () => {
    const embedder = await open();
    const [vector] = [await embedder.embed(["dog ".repeat(10_000)], "passage", signal)];
    expect([...vector]).toEqual(mean(CLS!, "dog", "dog", "dog", "dog", "dog", "dog", SEP!));
    expect(embedder.counts).toMatchObject({ truncated: 1, tokens: 8 });
  });

  it.each([
    ["sentence_bert_config.json", { max_seq_length: 3 }, 3],
    ["tokenizer_config.json", { model_max_length: 5 }, 5],
    ["config.json", { max_position_embeddings: 6 }, 6],
  ])("finds the limit in %s", async (file, content, tokens) => {
    const embedder = await open({ [file]: content });
    await embedder.embed(["dog ".repeat(20)], "passage", signal);
    expect(embedder.counts.tokens).toBe(tokens);
  });

  it("reads an empty text as its special tokens alone, as sentence-transformers does", async () => {
    const embedder = await open();
    expect([...(await embedder.embed(["", " \n"], "query", signal))]).toEqual([
      ...mean(CLS!, SEP!),
      ...mean(CLS!, SEP!),
    ]);
  });

  it("gives a text without any token zeros and counts it", async () => {
    const bare = { ...TOKENIZER, post_processor: null };
    const embedder = await open({ "tokenizer.json": bare }, { normalize: true });
    expect([...(await embedder.embed(["", "red"], "query", signal))].slice(0, 2)).toEqual([0, 0]);
    expect(embedder.counts.empty).toBe(1);
  });

  it("puts the role's prefix before a text: the folder's, or the user's", async () => {
    const prompts = { prompts: { query: "cat ", document: "dog " } };
    const embedder = await open({ "config_sentence_transformers.json": prompts }, { prefixes: { passage: "blue " } });
    expect(embedder.prefixes).toEqual({ query: "cat ", passage: "blue " });
    expect([...(await embedder.embed(["red"], "query", signal))]).toEqual(mean(CLS!, "cat", "red", SEP!));
    expect([...(await embedder.embed(["red"], "passage", signal))]).toEqual(mean(CLS!, "blue", "red", SEP!));
  });

  it("has a hash that changes with the weights, the pooling and the limit, and not with a prefix", async () => {
    const same = [await open(), await open(), await open({}, { prefixes: { query: "cat " } })].map((e) => e.hash);
    const others = await Promise.all([
      open({ "model.onnx": tableModel(Array.from({ length: 18 }, (_, i) => i)) }),
      open({ "1_Pooling/config.json": { pooling_mode: "cls" } }),
      open({}, { maxTokens: 5 }),
      open({}, { normalize: true }),
    ]);
    expect(new Set(same).size).toBe(1);
    expect(new Set([...same, ...others.map((e) => e.hash)]).size).toBe(5);
  });

  it("stops between batches when it is aborted", async () => {
    const embedder = await open({}, { batchTokens: 1 });
    const controller = new AbortController();
    const running = embedder.embed(Array(500).fill("red"), "passage", controller.signal);
    setTimeout(() => controller.abort(new Error("enough")), 2);
    await expect(running).rejects.toThrow("enough");
  });

  it("refuses vectors that are not finite, and says for which text", async () => {
    const table = Array.from({ length: 18 }, (_, i) => (i === 2 * idOf("dog") ? Number.NaN : 1));
    const embedder = await open({ "model.onnx": tableModel(table) });
    await expect(embedder.embed(["red", "dog"], "passage", signal)).rejects.toMatchObject({ code: "E_ENCODER_VECTOR" });
    await expect(embedder.embed(["red", "dog"], "passage", signal)).rejects.toThrow('"dog');
  });
});

describe("a folder that is no encoder", () => {
  const modules = (...types: string[]) => types.map((type, idx) => ({ idx, name: `${idx}`, path: "", type }));
  it.each([
    ["without a model", { "model.onnx": undefined }, "E_ENCODER_MODEL"],
    ["with a model that is none", { "model.onnx": "no model" }, "E_ENCODER_MODEL"],
    ["without a tokenizer", { "tokenizer.json": undefined }, "E_ENCODER_TOKENIZER"],
    ["with half a tokenizer", { "tokenizer.json": '{"version":' }, "E_ENCODER_TOKENIZER"],
    ["with a tokenizer of an unknown kind", { "tokenizer.json": { model: { type: "?" } } }, "E_ENCODER_TOKENIZER"],
    ["without pooling settings", { "1_Pooling/config.json": undefined }, "E_ENCODER_POOLING"],
    ["with max pooling", { "1_Pooling/config.json": { pooling_mode_max_tokens: true } }, "E_ENCODER_POOLING"],
    [
      "with two poolings",
      { "1_Pooling/config.json": { pooling_mode_cls_token: true, pooling_mode_mean_tokens: true } },
      "E_ENCODER_POOLING",
    ],
    ["with an unknown pooling", { "1_Pooling/config.json": { pooling_mode: "__proto__" } }, "E_ENCODER_POOLING"],
    ["with a Dense module", { "modules.json": modules("a.Transformer", "a.Pooling", "a.Dense") }, "E_ENCODER_MODULE"],
    ["with modules that leave it", { "modules.json": [{ path: "../..", type: "a.Transformer" }] }, "E_ENCODER_MODULE"],
    ["without modules", { "modules.json": undefined }, "E_ENCODER_POOLING"],
    ["without a limit", { "tokenizer_config.json": { model_max_length: 1e30 } }, "E_ENCODER_CONFIG"],
    [
      "that leaves its prefix out of the mean",
      {
        "1_Pooling/config.json": { pooling_mode: "mean", include_prompt: false },
        "config_sentence_transformers.json": { prompts: { query: "q: " } },
      },
      "E_ENCODER_POOLING",
    ],
  ])("%s is refused", async (_, changes, code) => {
    await expect(open(changes)).rejects.toMatchObject({ name: "DataError", code });
  });

  it("is told with all that is wrong at once", async () => {
    const opening = open({ "model.onnx": undefined, "tokenizer.json": undefined, "1_Pooling/config.json": {} });
    const error = await opening.then(
      () => undefined,
      (e: unknown) => e as { problems: { code: string }[] },
    );
    expect(error?.problems.map((p) => p.code)).toEqual(["E_ENCODER_MODEL", "E_ENCODER_TOKENIZER", "E_ENCODER_POOLING"]);
  });

  it("or is not there, is said so", async () => {
    await expect(openOnnxEmbedder({ folder: "/nowhere/at/all" })).rejects.toMatchObject({ code: "E_ENCODER_FOLDER" });
  });
});
