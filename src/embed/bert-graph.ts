import type { OnnxConstant, OnnxModel, OnnxNode } from "./onnx-model.ts";

/** The sizes of a BERT encoder, as `config.json` has them. */
export interface BertConfig {
  readonly layers: number;
  readonly heads: number;
  readonly hidden: number;
  readonly normEpsilon: number;
  readonly activation: "gelu" | "relu";
  /**
   * How matrix products are computed: in 32-bit floats, or in 8-bit whole numbers, weights scaled for each output and
   * inputs for each batch, so that a text's vector depends a little on what it is batched with.
   */
  readonly precision: BertPrecision;
}

export type BertPrecision = "fp32" | "int8";

/** A weight by its name in the checkpoint. */
export interface Weight {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Gelu is an operator of its own since opset 20. */
const OPSET = 20;

/**
 * The BERT encoder (Devlin et al., 2019) as an ONNX graph: `input_ids`, `attention_mask` and `token_type_ids`, each
 * batch × sequence, to `last_hidden_state`, batch × sequence × hidden. Query, key and value are one product of three times
 * the width; padding is masked before the softmax.
 */
export async function bertGraph(config: BertConfig, weight: (name: string) => Promise<Weight>): Promise<OnnxModel> {
  const { layers, heads, hidden, normEpsilon, activation, precision } = config;
  const nodes: OnnxNode[] = [];
  const constants: OnnxConstant[] = [];
  const node = (op: string, inputs: string[], output: string, attributes?: OnnxNode["attributes"]): string => {
    nodes.push({ op, inputs, outputs: [output], ...(attributes ? { attributes } : {}) });
    return output;
  };
  const constant = (name: string, shape: readonly number[], data: OnnxConstant["data"]): string => {
    constants.push({ name, shape, data });
    return name;
  };
  const integers = (name: string, ...values: number[]): string =>
    constant(name, [values.length], BigInt64Array.from(values, BigInt));
  const load = async (name: string): Promise<string> => {
    const { shape, data } = await weight(name);
    return constant(name, shape, data);
  };
  const product = (input: string, { shape, data }: Weight, name: string): string => {
    if (precision === "fp32")
      return node("MatMul", [input, constant(`${name}.weight`, shape, data)], `${name}.product`);
    const { values, scales } = quantized({ shape, data });
    const [whole, scale, zero] = [`${input}.whole`, `${input}.scale`, `${input}.zero`];
    nodes.push({ op: "DynamicQuantizeLinear", inputs: [input], outputs: [whole, scale, zero] });
    const weights = constant(`${name}.weight`, shape, values);
    const sums = node("Cast", [node("MatMulInteger", [whole, weights, zero], `${name}.sums`)], `${name}.floats`, {
      to: 1,
    });
    const step = node("Mul", [scale, constant(`${name}.scales`, [scales.length], scales)], `${name}.step`);
    return node("Mul", [sums, step], `${name}.product`);
  };
  /** y = x Wᵀ + b: checkpoints hold W as outputs × inputs, a product wants it the other way round. */
  const linear = async (input: string, names: readonly string[], output: string): Promise<string> => {
    const parts = await Promise.all(names.map((name) => weight(`${name}.weight`)));
    const biases = await Promise.all(names.map((name) => weight(`${name}.bias`)));
    const bias = concatenated(biases.map((b) => b.data));
    const multiplied = product(input, transposed(parts), output);
    return node("Add", [multiplied, constant(`${output}.bias`, [bias.length], bias)], output);
  };
  const norm = async (input: string, name: string): Promise<string> =>
    node("LayerNormalization", [input, await load(`${name}.weight`), await load(`${name}.bias`)], `${name}.out`, {
      axis: -1,
      epsilon: { float: normEpsilon },
    });

  const words = node("Gather", [await load("embeddings.word_embeddings.weight"), "input_ids"], "words");
  const types = node("Gather", [await load("embeddings.token_type_embeddings.weight"), "token_type_ids"], "types");
  const scalar = (name: string, value: number): string => constant(name, [], BigInt64Array.of(BigInt(value)));
  const length = node("Gather", [node("Shape", ["input_ids"], "shape"), scalar("one", 1)], "length", { axis: 0 });
  const range = node("Range", [scalar("zero", 0), length, "one"], "positions");
  const positions = node("Gather", [await load("embeddings.position_embeddings.weight"), range], "places");
  const summed = node("Add", [node("Add", [words, types], "words_types"), positions], "embedded");
  let x = await norm(summed, "embeddings.LayerNorm");

  const mask = node("Cast", ["attention_mask"], "mask", { to: 1 });
  const hiddenPlaces = node("Sub", [constant("all", [], Float32Array.of(1)), mask], "hidden_places");
  const penalty = node(
    "Mul",
    [hiddenPlaces, constant("lowest", [], Float32Array.of(-3.4028234663852886e38))],
    "penalty",
  );
  const bias = node("Unsqueeze", [penalty, integers("head_and_row", 1, 2)], "mask_bias");
  const split = integers("split", 0, 0, 3, heads, hidden / heads);
  const joined = integers("joined", 0, 0, hidden);
  const scale = constant("scale", [], Float32Array.of(1 / Math.sqrt(hidden / heads)));
  const which = [0, 1, 2].map((i) => scalar(`which_${i}`, i));

  for (let layer = 0; layer < layers; layer += 1) {
    const at = `encoder.layer.${layer}`;
    const self = `${at}.attention.self`;
    const qkv = await linear(x, [`${self}.query`, `${self}.key`, `${self}.value`], `${self}.qkv`);
    // 3 × batch × heads × sequence × width
    const byHead = node("Transpose", [node("Reshape", [qkv, split], `${self}.split`)], `${self}.by_head`, {
      perm: [2, 0, 3, 1, 4],
    });
    const [q, k, v] = which.map((i, n) => node("Gather", [byHead, i], `${self}.${"qkv"[n]}`, { axis: 0 }));
    const scaled = node("Mul", [q!, scale], `${self}.scaled`);
    const keys = node("Transpose", [k!], `${self}.keys`, { perm: [0, 1, 3, 2] });
    const scores = node("Add", [node("MatMul", [scaled, keys], `${self}.dots`), bias], `${self}.scores`);
    const mixed = node("MatMul", [node("Softmax", [scores], `${self}.weights`, { axis: -1 }), v!], `${self}.mixed`);
    const bySequence = node("Transpose", [mixed], `${self}.by_sequence`, { perm: [0, 2, 1, 3] });
    const context = node("Reshape", [bySequence, joined], `${self}.context`);
    const attended = await linear(context, [`${at}.attention.output.dense`], `${at}.attended`);
    x = await norm(node("Add", [attended, x], `${at}.attention.sum`), `${at}.attention.output.LayerNorm`);
    const inner = await linear(x, [`${at}.intermediate.dense`], `${at}.inner`);
    const active = node(activation === "gelu" ? "Gelu" : "Relu", [inner], `${at}.active`);
    const outer = await linear(active, [`${at}.output.dense`], `${at}.outer`);
    x = await norm(node("Add", [outer, x], `${at}.output.sum`), `${at}.output.LayerNorm`);
  }
  node("Identity", [x], "last_hidden_state");
  const input = (name: string) => ({ name, type: "int64", shape: ["batch", "sequence"] }) as const;
  return {
    name: "bert",
    opset: OPSET,
    inputs: [input("input_ids"), input("attention_mask"), input("token_type_ids")],
    outputs: [{ name: "last_hidden_state", type: "float", shape: ["batch", "sequence", hidden] }],
    constants,
    nodes,
  };
}

/** Matrices of outputs × inputs, transposed and put side by side: inputs × (sum of the outputs). */
function transposed(parts: readonly Weight[]): Weight {
  const inputs = parts[0]!.shape[1]!;
  const outputs = parts.reduce((sum, { shape }) => sum + shape[0]!, 0);
  const data = new Float32Array(inputs * outputs);
  let column = 0;
  for (const { shape, data: from } of parts) {
    for (let row = 0; row < shape[0]!; row += 1, column += 1) {
      for (let i = 0; i < inputs; i += 1) data[i * outputs + column] = from[row * inputs + i]!;
    }
  }
  return { shape: [inputs, outputs], data };
}

/**
 * A matrix in whole numbers of 7 bits, each column scaled by its largest: with 8 bits, processors without dot products of
 * 8-bit numbers would overflow in their sums of two.
 */
function quantized({ shape, data }: Weight): { values: Int8Array; scales: Float32Array } {
  const columns = shape[1]!;
  const scales = new Float32Array(columns);
  for (const [i, x] of data.entries()) scales[i % columns] = Math.max(scales[i % columns]!, Math.abs(x) / LARGEST);
  const values = Int8Array.from(data, (x, i) => Math.round(x / (scales[i % columns]! || 1)));
  return { values, scales };
}

const LARGEST = 63;

function concatenated(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
