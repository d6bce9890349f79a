import { join } from "node:path";
import { hashValue, sha256File } from "../lib/hash.ts";
import { quoteValue } from "../lib/text.ts";
import type { EmbedCounts, Embedder, EmbedRole } from "./embedder.ts";
import type { EncoderOverrides } from "./encoder-folder.ts";
import { type EncoderModules, readModules } from "./encoder-modules.ts";
import { encoderError } from "./encoder-problem.ts";
import { naturalNumber, readJsonObject } from "./json-file.ts";
import { isFiniteVector, normalize } from "./pooling.ts";
import { choosePrefixes, readPrefixes } from "./prefixes.ts";
import { Safetensors } from "./safetensors.ts";
import { TextTokenizer } from "./text-tokenizer.ts";

export interface StaticOptions extends Pick<EncoderOverrides, "normalize" | "prefixes" | "maxTokens"> {
  /** A Model2Vec folder, or a sentence-transformers folder with StaticEmbedding. */
  readonly folder: string;
}

/** Texts between two looks at the signal. */
const TURN = 256;
/** Model2Vec's own limit where its folder names none. */
const MODEL2VEC_TOKENS = 512;

/**
 * One vector for each token of the vocabulary; a text's is their mean. Model2Vec leaves unknown tokens out and reads 512
 * tokens; StaticEmbedding reads all, unknown ones too. Special tokens are never added.
 * @throws DataError with what is wrong with the folder
 */
export async function openStaticEmbedder(options: StaticOptions): Promise<StaticEmbedder> {
  const root = options.folder;
  const modules = await readModules(root);
  if (modules && modules.kind !== "static") {
    const fix = "name its kind onnx";
    throw encoderError("E_ENCODER_MODULE", join(root, "modules.json"), ["StaticEmbedding", "a Transformer", fix]);
  }
  const folder = modules?.folder ?? root;
  const path = join(folder, "model.safetensors");
  const { dimensions, rows, table } = await readTable(path);
  const config = await readJsonObject(join(root, "config.json"), "E_ENCODER_CONFIG");
  const model2vec = config?.model_type === "model2vec" || modules === undefined;
  const tokenizer = await TextTokenizer.open(folder);
  const settings = {
    maxTokens: options.maxTokens ?? (model2vec ? MODEL2VEC_TOKENS : undefined),
    skipUnknown: model2vec,
    normalize: options.normalize ?? saysNormalize(modules, config?.normalize),
  };
  const files = await Promise.all([sha256File(path), sha256File(join(folder, "tokenizer.json"))]);
  const hash = hashValue({ kind: "static", files, ...settings });
  const prefixes = choosePrefixes(options.prefixes, await readPrefixes(root));
  return new StaticEmbedder({ path, table, rows, dimensions, tokenizer, hash, prefixes, ...settings });
}

interface StaticModel {
  readonly path: string;
  readonly table: Float32Array;
  readonly rows: number;
  readonly dimensions: number;
  readonly tokenizer: TextTokenizer;
  readonly hash: string;
  readonly prefixes: Embedder["prefixes"];
  readonly maxTokens: number | undefined;
  readonly skipUnknown: boolean;
  readonly normalize: boolean;
}

export class StaticEmbedder implements Embedder {
  readonly dimensions: number;
  readonly hash: string;
  readonly prefixes: Embedder["prefixes"];
  readonly #model: StaticModel;
  #counts: EmbedCounts = { texts: 0, tokens: 0, truncated: 0, empty: 0 };

  /** Use {@link openStaticEmbedder}. */
  constructor(model: StaticModel) {
    this.#model = model;
    this.dimensions = model.dimensions;
    this.hash = model.hash;
    this.prefixes = model.prefixes;
  }

  get counts(): EmbedCounts {
    return this.#counts;
  }

  async embed(texts: readonly string[], role: EmbedRole, signal: AbortSignal): Promise<Float32Array> {
    const vectors = new Float32Array(texts.length * this.dimensions);
    for (const [i, text] of texts.entries()) {
      if (i % TURN === 0) {
        await new Promise(setImmediate);
        signal.throwIfAborted();
      }
      this.#encode(this.prefixes[role] + text, vectors.subarray(i * this.dimensions, (i + 1) * this.dimensions));
    }
    return vectors;
  }

  #encode(text: string, into: Float32Array): void {
    const { path, table, rows, tokenizer, maxTokens, skipUnknown } = this.#model;
    const all = tokenizer.encodeBare(text);
    const read = maxTokens === undefined ? all : all.slice(0, maxTokens);
    const ids = skipUnknown ? read.filter((id) => id !== tokenizer.unknownId) : read;
    const sum = new Float64Array(into.length);
    for (const id of ids) {
      if (id >= rows) {
        const fix = "copy tokenizer.json and model.safetensors of the same model";
        throw encoderError("E_ENCODER_WEIGHTS", path, [`a row for token ${id}`, `${rows} rows`, fix]);
      }
      for (let d = 0; d < sum.length; d += 1) sum[d]! += table[id * sum.length + d]!;
    }
    if (ids.length > 0) for (let d = 0; d < sum.length; d += 1) into[d] = sum[d]! / ids.length;
    if (this.#model.normalize) normalize(into);
    const { texts, tokens, truncated, empty } = this.#counts;
    this.#counts = {
      texts: texts + 1,
      tokens: tokens + ids.length,
      truncated: truncated + (read.length < all.length ? 1 : 0),
      empty: empty + (ids.length === 0 ? 1 : 0),
    };
  }
}

async function readTable(path: string): Promise<{ dimensions: number; rows: number; table: Float32Array }> {
  const weights = await Safetensors.open(path);
  try {
    const names = [...weights.tensors.keys()];
    const name = names.find((key) => key === "embeddings" || key === "embedding.weight");
    const other = names.filter((key) => key !== name);
    if (!name || other.length > 0) {
      // Model2Vec's quantized vocabularies carry a mapping and weights beside the table.
      const fix = "save the model without vocabulary quantization";
      const got = names.map((key) => quoteValue(key)).join(", ") || "nothing";
      throw encoderError("E_ENCODER_WEIGHTS", path, ["embeddings or embedding.weight alone", got, fix]);
    }
    const { shape, data } = await weights.read(name);
    const [rows, dimensions] = [naturalNumber(shape[0]), naturalNumber(shape[1])];
    if (shape.length !== 2 || !rows || !dimensions || !isFiniteVector(data)) {
      const expected = "a matrix of finite numbers, tokens × dimensions";
      const got = isFiniteVector(data) ? `the shape ${quoteValue(shape)}` : "NaN or infinity";
      throw encoderError("E_ENCODER_WEIGHTS", path, [expected, got, "copy the model's folder again"]);
    }
    return { dimensions, rows, table: data };
  } finally {
    await weights.close();
  }
}

function saysNormalize(modules: EncoderModules | undefined, config: unknown): boolean {
  return modules?.normalize || config === true;
}
