import { join } from "node:path";
import { replaceFile } from "../lib/atomic.ts";
import { quoteValue } from "../lib/text.ts";
import { type BertConfig, type BertPrecision, bertGraph } from "./bert-graph.ts";
import { encoderError } from "./encoder-problem.ts";
import { naturalNumber, readJsonObject } from "./json-file.ts";
import { onnxBytes } from "./onnx-model.ts";
import { Safetensors } from "./safetensors.ts";

/**
 * Writes `model.onnx` into a sentence-transformers folder of a BERT model, from its `config.json` and `model.safetensors`;
 * with int8, `model_int8.onnx`. The file is replaced whole.
 * @returns the path of the file
 * @throws DataError when the folder lacks a file, or the model is no plain BERT encoder
 */
export async function exportBert(folder: string, precision: BertPrecision = "fp32"): Promise<string> {
  const config = { ...(await bertConfig(folder)), precision };
  const weights = await Safetensors.open(join(folder, "model.safetensors"));
  try {
    // Some checkpoints keep the encoder below the name of the model class.
    const prefix = weights.tensors.has("embeddings.word_embeddings.weight") ? "" : "bert.";
    const model = await bertGraph(config, (name) => weights.read(prefix + name));
    const path = join(folder, precision === "fp32" ? "model.onnx" : `model_${precision}.onnx`);
    await replaceFile(path, onnxBytes(model));
    return path;
  } finally {
    await weights.close();
  }
}

async function bertConfig(folder: string): Promise<Omit<BertConfig, "precision">> {
  const path = join(folder, "config.json");
  const config = await readJsonObject(path, "E_ENCODER_CONFIG");
  const fix = "export model.onnx with a tool that knows the model, such as optimum";
  if (!config) throw encoderError("E_ENCODER_CONFIG", path, ["the model's config.json", "no such file", fix]);
  const wanted = (key: string, expected: readonly unknown[]): void => {
    if (expected.includes(config[key])) return;
    const list = expected.filter((value) => value !== undefined).map(quoteValue);
    throw encoderError("E_ENCODER_CONFIG", `${path} /${key}`, [list.join(" or "), quoteValue(config[key]), fix]);
  };
  const natural = (key: string): number => {
    const value = naturalNumber(config[key]);
    if (value) return value;
    throw encoderError("E_ENCODER_CONFIG", `${path} /${key}`, ["a whole number", quoteValue(config[key]), fix]);
  };
  wanted("model_type", ["bert"]);
  wanted("hidden_act", ["gelu", "relu"]);
  wanted("position_embedding_type", ["absolute", undefined]);
  const epsilon = config.layer_norm_eps;
  return {
    layers: natural("num_hidden_layers"),
    heads: natural("num_attention_heads"),
    hidden: natural("hidden_size"),
    activation: config.hidden_act as BertConfig["activation"],
    normEpsilon: typeof epsilon === "number" ? epsilon : 1e-12,
  };
}
