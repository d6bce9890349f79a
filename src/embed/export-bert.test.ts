import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { seeded } from "../core/rng.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { exportBert } from "./export-bert.ts";
import { safetensors } from "./testing/safetensors.ts";

const [VOCABULARY, PLACES, HIDDEN, HEADS, INNER, LAYERS] = [11, 6, 8, 2, 16, 2];
const CONFIG = {
  model_type: "bert",
  hidden_act: "gelu",
  hidden_size: HIDDEN,
  num_attention_heads: HEADS,
  num_hidden_layers: LAYERS,
  layer_norm_eps: 1e-12,
};

type Weights = Map<string, { shape: readonly number[]; data: Float32Array }>;

/** A BERT with random weights, under the names of a checkpoint. */
function randomWeights(): Weights {
  const rng = seeded("bert");
  const weights: Weights = new Map();
  const add = (name: string, ...shape: number[]): void => {
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => rng.float() * 2 - 1);
    weights.set(name, { shape, data });
  };
  const linear = (name: string, outputs: number, inputs: number): void => {
    add(`${name}.weight`, outputs, inputs);
    add(`${name}.bias`, outputs);
  };
  const norm = (name: string): void => {
    add(`${name}.LayerNorm.weight`, HIDDEN);
    add(`${name}.LayerNorm.bias`, HIDDEN);
  };
  add("embeddings.word_embeddings.weight", VOCABULARY, HIDDEN);
  add("embeddings.position_embeddings.weight", PLACES, HIDDEN);
  add("embeddings.token_type_embeddings.weight", 2, HIDDEN);
  norm("embeddings");
  for (let layer = 0; layer < LAYERS; layer += 1) {
    const at = `encoder.layer.${layer}`;
    for (const part of ["query", "key", "value"]) linear(`${at}.attention.self.${part}`, HIDDEN, HIDDEN);
    linear(`${at}.attention.output.dense`, HIDDEN, HIDDEN);
    norm(`${at}.attention.output`);
    linear(`${at}.intermediate.dense`, INNER, HIDDEN);
    linear(`${at}.output.dense`, HIDDEN, INNER);
    norm(`${at}.output`);
  }
  return weights;
}

/** The encoder as its paper writes it, one text, one number after another, in doubles. */
function naiveBert(weights: Weights, ids: readonly number[], types: readonly number[]): number[][] {
  const w = (name: string): Float32Array => weights.get(name)!.data;
  const row = (name: string, i: number): number[] => [...w(name).subarray(i * HIDDEN, (i + 1) * HIDDEN)];
  const linear = (name: string, x: readonly number[]): number[] =>
    Array.from(w(`${name}.bias`), (b, o) =>
      x.reduce((sum, v, i) => sum + v * w(`${name}.weight`)[o * x.length + i]!, b),
    );
  const norm = (name: string, x: readonly number[]): number[] => {
    const mean = x.reduce((a, b) => a + b) / x.length;
    const variance = x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length;
    return x.map(
      (v, i) => ((v - mean) / Math.sqrt(variance + 1e-12)) * w(`${name}.weight`)[i]! + w(`${name}.bias`)[i]!,
    );
  };
  const plus = (a: readonly number[], b: readonly number[]): number[] => a.map((x, i) => x + b[i]!);
  let states = ids.map((id, place) => {
    const sum = plus(row("embeddings.word_embeddings.weight", id), row("embeddings.position_embeddings.weight", place));
    return norm("embeddings.LayerNorm", plus(sum, row("embeddings.token_type_embeddings.weight", types[place]!)));
  });
  const width = HIDDEN / HEADS;
  for (let layer = 0; layer < LAYERS; layer += 1) {
    const at = `encoder.layer.${layer}`;
    const [queries, keys, values] = ["query", "key", "value"].map((part) =>
      states.map((x) => linear(`${at}.attention.self.${part}`, x)),
    );
    states = states.map((x, i) => {
      const context = Array.from({ length: HEADS }, (_, head) => {
        const slice = (v: readonly number[]): number[] => v.slice(head * width, (head + 1) * width);
        const dots = keys!.map(
          (key) => slice(key).reduce((sum, v, d) => sum + v * slice(queries![i]!)[d]!, 0) / Math.sqrt(width),
        );
        const exps = dots.map((dot) => Math.exp(dot - Math.max(...dots)));
        const total = exps.reduce((a, b) => a + b);
        return slice(values![0]!).map((_, d) =>
          exps.reduce((sum, e, j) => sum + (e / total) * slice(values![j]!)[d]!, 0),
        );
      }).flat();
      const attended = norm(
        `${at}.attention.output.LayerNorm`,
        plus(linear(`${at}.attention.output.dense`, context), x),
      );
      const inner = linear(`${at}.intermediate.dense`, attended).map((v) => (v / 2) * (1 + erf(v / Math.SQRT2)));
      return norm(`${at}.output.LayerNorm`, plus(linear(`${at}.output.dense`, inner), attended));
    });
  }
  return states;
}

/** The error function by its Maclaurin series, exact to 1e-10 for the few units that occur here. */
function erf(x: number): number {
  let [sum, term] = [0, x];
  for (let n = 0; n < 200; n += 1) {
    sum += term / (2 * n + 1);
    term *= -(x * x) / (n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

async function folder(weights = randomWeights(), config: object = CONFIG, prefix = ""): Promise<string> {
  const tensors = Object.fromEntries(
    [...weights].map(([name, { shape, data }]) => [prefix + name, ["F32", shape, data] as const]),
  );
  return tempFolder({ "config.json": JSON.stringify(config), "model.safetensors": safetensors(tensors) });
}

const int64 = (values: readonly number[], shape: number[]): Tensor =>
  new Tensor("int64", BigInt64Array.from(values, BigInt), shape);

const TEXTS = [
  { ids: [2, 9, 4, 7, 10, 3], types: [0, 0, 0, 1, 1, 1] },
  { ids: [2, 5, 3], types: [0, 0, 0] },
];

/** The states of the texts' tokens, run as one padded batch. */
async function run(path: string): Promise<number[][]> {
  const session = await InferenceSession.create(path);
  const padded = (list: readonly number[]): number[] => [...list, ...Array<number>(6 - list.length).fill(0)];
  const { last_hidden_state: states } = await session.run({
    input_ids: int64(
      TEXTS.flatMap(({ ids }) => padded(ids)),
      [2, 6],
    ),
    attention_mask: int64(
      TEXTS.flatMap(({ ids }) => padded(ids.map(() => 1))),
      [2, 6],
    ),
    token_type_ids: int64(
      TEXTS.flatMap(({ types }) => padded(types)),
      [2, 6],
    ),
  });
  const data = states!.data as Float32Array;
  return TEXTS.flatMap(({ ids }, t) =>
    ids.map((_, place) => [...data.subarray((t * 6 + place) * HIDDEN, (t * 6 + place + 1) * HIDDEN)]),
  );
}

const naive = (weights: Weights): number[][] => TEXTS.flatMap(({ ids, types }) => naiveBert(weights, ids, types));

function cosine(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0) / (Math.hypot(...a) * Math.hypot(...b));
}

describe("exportBert", () => {
  it.each(["", "bert."])(
    "writes the encoder of the paper, padding left out (names that start with %j)",
    async (prefix) => {
      const weights = randomWeights();
      const found = await run(await exportBert(await folder(weights, CONFIG, prefix)));
      for (const [t, state] of naive(weights).entries()) {
        for (const [i, value] of state.entries()) expect(found[t]![i]).toBeCloseTo(value, 4);
      }
    },
  );

  it("writes 8-bit products beside it that come near", async () => {
    const weights = randomWeights();
    const path = await exportBert(await folder(weights), "int8");
    expect(path).toMatch(/model_int8\.onnx$/);
    const found = await run(path);
    for (const [t, state] of naive(weights).entries()) {
      expect(cosine(found[t]!, state)).toBeGreaterThan(0.99);
      expect(cosine(found[t]!, state)).toBeLessThan(1 - 1e-9);
    }
  });

  it.each([
    ["model_type", "roberta"],
    ["hidden_act", "silu"],
    ["position_embedding_type", "relative_key"],
    ["num_hidden_layers", 0],
    ["hidden_size", undefined],
  ])("refuses a model whose %s is %j, and says where", async (key, value) => {
    const exporting = exportBert(await folder(undefined, { ...CONFIG, [key]: value }));
    await expect(exporting).rejects.toMatchObject({ code: "E_ENCODER_CONFIG" });
    await expect(exporting).rejects.toThrow(`config.json /${key}`);
  });

  it("refuses a folder without configuration, without weights, or with a weight missing", async () => {
    const path = await folder();
    const weights = randomWeights();
    weights.delete("encoder.layer.1.output.dense.bias");
    await expect(exportBert(await folder(weights))).rejects.toThrow("encoder.layer.1.output.dense.bias");
    await writeFile(join(path, "model.safetensors"), "torn");
    await expect(exportBert(path)).rejects.toMatchObject({ code: "E_ENCODER_WEIGHTS" });
    await rm(join(path, "config.json"));
    await expect(exportBert(path)).rejects.toMatchObject({ code: "E_ENCODER_CONFIG" });
  });
});
