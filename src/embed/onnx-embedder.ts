import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { BadArgument } from "../core/errors.ts";
import { hashValue, sha256File } from "../lib/hash.ts";
import { printable, truncate } from "../lib/text.ts";
import type { EmbedCounts, Embedder, EmbedRole } from "./embedder.ts";
import { type EncoderFolder, type EncoderOverrides, readEncoderFolder } from "./encoder-folder.ts";
import { encoderError } from "./encoder-problem.ts";
import { isFiniteVector, normalize, pool } from "./pooling.ts";
import type { TokenizedText } from "./text-tokenizer.ts";

export interface OnnxOptions extends EncoderOverrides {
  /** A sentence-transformers folder with an ONNX model. */
  readonly folder: string;
  /** Threads of one matrix product. @default what onnxruntime takes: one for each core */
  readonly threads?: number;
  /** Most tokens of one batch, padding included. @default 256: larger ones leave the processor's cache */
  readonly batchTokens?: number;
}

/** Texts are tokenized and sorted by length so many at a time. */
const WINDOW = 2048;
const INPUTS = ["input_ids", "attention_mask", "token_type_ids"] as const;

/**
 * A transformer on the CPU. Texts are sorted by length, so that a batch holds little padding, and returned in their own
 * order. White space around a text is no part of it, as in sentence-transformers. A 32-bit model's vectors do not depend on
 * the batch beyond their last bits; an int8 model's do (by up to .02), so that figures to be defended want the former.
 * @throws DataError with everything that is wrong with the folder
 */
export async function openOnnxEmbedder(options: OnnxOptions): Promise<OnnxEmbedder> {
  const encoder = await readEncoderFolder(options.folder, options);
  let session: InferenceSession;
  try {
    session = await InferenceSession.create(encoder.modelPath, {
      ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
      logSeverityLevel: 3,
    });
  } catch (error) {
    throw unusable(encoder.modelPath, "an ONNX model", error);
  }
  const wrong = session.inputNames.filter((name) => !(INPUTS as readonly string[]).includes(name));
  if (wrong.length > 0 || !session.inputNames.includes("input_ids")) {
    const expected = `the inputs ${INPUTS.join(", ")}`;
    throw unusable(encoder.modelPath, expected, new Error(`the inputs ${session.inputNames.join(", ")}`));
  }
  const embedder = new OnnxEmbedder(encoder, session, await encoderHash(encoder), options.batchTokens ?? 256);
  await embedder.probe();
  return embedder;
}

export class OnnxEmbedder implements Embedder {
  readonly hash: string;
  readonly prefixes: Embedder["prefixes"];
  readonly #encoder: EncoderFolder;
  readonly #session: InferenceSession;
  readonly #output: string;
  readonly #batchTokens: number;
  #dimensions = 0;
  #counts: EmbedCounts = { texts: 0, tokens: 0, truncated: 0, empty: 0 };

  /** Use {@link openOnnxEmbedder}. */
  constructor(encoder: EncoderFolder, session: InferenceSession, hash: string, batchTokens: number) {
    if (!(batchTokens >= 1)) throw new BadArgument(`batchTokens must be at least 1, got ${batchTokens}`);
    this.#encoder = encoder;
    this.#session = session;
    this.#batchTokens = batchTokens;
    this.hash = hash;
    this.prefixes = encoder.prefixes;
    const names = session.outputNames;
    this.#output = ["last_hidden_state", "token_embeddings"].find((name) => names.includes(name)) ?? names[0]!;
  }

  get dimensions(): number {
    return this.#dimensions;
  }

  get counts(): EmbedCounts {
    return this.#counts;
  }

  /** Encodes one text to learn the length of a vector, so that a model that cannot run fails when it is opened. */
  async probe(): Promise<void> {
    const { dims } = await this.#forward([this.tokenize("a", "query")]);
    this.#dimensions = dims.at(-1)!;
  }

  /** The tokens of a text as the model reads them in this role. */
  tokenize(text: string, role: EmbedRole): TokenizedText {
    const whole = (this.prefixes[role] + text).trim();
    return this.#encoder.tokenizer.encode(
      this.#encoder.lowerCase ? whole.toLowerCase() : whole,
      this.#encoder.maxTokens,
    );
  }

  async embed(texts: readonly string[], role: EmbedRole, signal: AbortSignal): Promise<Float32Array> {
    const vectors = new Float32Array(texts.length * this.dimensions);
    for (let from = 0; from < texts.length; from += WINDOW) {
      signal.throwIfAborted();
      const tokenized = texts.slice(from, from + WINDOW).map((text) => this.tokenize(text, role));
      const longestFirst = [...tokenized.keys()].sort((a, b) => tokenized[b]!.ids.length - tokenized[a]!.ids.length);
      const filled = longestFirst.filter((i) => tokenized[i]!.ids.length > 0);
      for (const batch of inBatches(filled, (i) => tokenized[i]!.ids.length, this.#batchTokens)) {
        signal.throwIfAborted();
        const hidden = await this.#forward(batch.map((i) => tokenized[i]!));
        for (const [row, i] of batch.entries()) {
          const at = (from + i) * this.dimensions;
          const vector = vectors.subarray(at, at + this.dimensions);
          this.#finish(hidden, row, tokenized[i]!.ids.length, vector);
          if (!isFiniteVector(vector)) throw notFinite(this.#encoder.modelPath, texts[from + i]!);
        }
      }
      this.#count(tokenized);
    }
    return vectors;
  }

  #finish({ data, dims }: Hidden, row: number, length: number, into: Float32Array): void {
    const width = into.length;
    if (dims.length === 3) pool(this.#encoder.pooling, data, row * dims[1]! * width, length, into);
    else into.set(data.subarray(row * width, (row + 1) * width));
    if (this.#encoder.normalize) normalize(into);
  }

  #count(tokenized: readonly TokenizedText[]): void {
    const { texts, tokens, truncated, empty } = this.#counts;
    this.#counts = {
      texts: texts + tokenized.length,
      tokens: tokenized.reduce((sum, { ids }) => sum + ids.length, tokens),
      truncated: truncated + tokenized.filter((text) => text.truncated).length,
      empty: empty + tokenized.filter(({ ids }) => ids.length === 0).length,
    };
  }

  /** Runs the model over one batch, padded to its longest text. */
  async #forward(batch: readonly TokenizedText[]): Promise<Hidden> {
    const length = Math.max(...batch.map(({ ids }) => ids.length));
    const shape = [batch.length, length];
    const ids = new BigInt64Array(batch.length * length);
    const mask = new BigInt64Array(batch.length * length);
    for (const [row, text] of batch.entries()) {
      for (const [i, id] of text.ids.entries()) ids[row * length + i] = BigInt(id);
      mask.fill(1n, row * length, row * length + text.ids.length);
    }
    const all: Readonly<Record<string, BigInt64Array>> = {
      input_ids: ids,
      attention_mask: mask,
      token_type_ids: new BigInt64Array(ids.length),
    };
    const feeds = Object.fromEntries(
      this.#session.inputNames.map((name) => [name, new Tensor("int64", all[name]!, shape)]),
    );
    try {
      const output = (await this.#session.run(feeds, [this.#output]))[this.#output]!;
      const { data, dims } = output as Tensor;
      if (!(data instanceof Float32Array) || (dims.length !== 2 && dims.length !== 3)) {
        throw new Error(`${output.type} of ${dims.length} dimensions in ${this.#output}`);
      }
      return { data, dims };
    } catch (error) {
      throw unusable(this.#encoder.modelPath, "32-bit floats of batch × sequence × dimensions", error);
    }
  }
}

interface Hidden {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** Cuts a list, longest first, into batches whose padded size stays below the limit; each has at least one. */
function* inBatches(longestFirst: readonly number[], lengthOf: (i: number) => number, tokens: number) {
  for (let from = 0; from < longestFirst.length; ) {
    const size = Math.max(1, Math.floor(tokens / lengthOf(longestFirst[from]!)));
    yield longestFirst.slice(from, from + size);
    from += size;
  }
}

/** Weights that stand beside the graph belong to it. */
async function encoderHash({
  modelPath,
  folder,
  pooling,
  normalize,
  maxTokens,
  lowerCase,
}: EncoderFolder): Promise<string> {
  const beside = ["_data", ".data"].map((end) => modelPath + end);
  const files = [modelPath, ...beside, join(folder, "tokenizer.json"), join(folder, "tokenizer_config.json")];
  const hashes: (readonly [string, string])[] = [];
  for (const file of files) if (existsSync(file)) hashes.push([basename(file), await sha256File(file)]);
  return hashValue({ kind: "onnx", files: hashes, pooling, normalize, maxTokens, lowerCase });
}

function unusable(where: string, expected: string, error: unknown) {
  const got = truncate(printable((error as Error).message), 300);
  return encoderError("E_ENCODER_MODEL", where, [expected, got, "export the model anew, or use another"]);
}

function notFinite(where: string, text: string) {
  const got = `NaN or infinity for the text ${JSON.stringify(truncate(text, 60))}`;
  return encoderError("E_ENCODER_VECTOR", where, ["finite numbers", got, "use the 32-bit export of the model"]);
}
