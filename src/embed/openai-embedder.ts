import type OpenAI from "openai";
import { BadArgument, SystemFailure } from "../core/errors.ts";
import { hashValue } from "../lib/hash.ts";
import type { EmbedCounts, Embedder, EmbedRole } from "./embedder.ts";
import { embeddingsReply, usedTokens } from "./embeddings-reply.ts";
import { choosePrefixes } from "./prefixes.ts";

/** An OpenAI-compatible server, and how it is asked: key, time limits and retries are the caller's. */
export interface EmbeddingsEndpoint {
  /** How messages name it, without credentials. */
  readonly name: string;
  /**
   * Puts one call, again where that may help.
   * @param tokens that the call is likely to take
   * @param tokensOf what it took; undefined where the server does not say
   * @throws SystemFailure when the call failed for good
   * @throws the signal's reason when it is aborted
   */
  ask<T>(
    call: (client: OpenAI, signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
    tokens: number,
    tokensOf: (value: T) => number | undefined,
  ): Promise<T>;
}

export interface OpenAiEmbedderOptions {
  readonly endpoint: EmbeddingsEndpoint;
  readonly model: string;
  /** Asks for vectors of this length; for models that can shorten theirs. @default the model's own */
  readonly dimensions?: number;
  readonly prefixes?: Partial<Embedder["prefixes"]>;
  /** Most texts of one request. @default 64 */
  readonly batchTexts?: number;
  /** Most tokens of one request, estimated as a third of the text's bytes. @default 16384 */
  readonly batchTokens?: number;
}

const DEFAULT_BATCH_TEXTS = 64;
/** Bytes of UTF-8 that make a token, low enough that few texts have more tokens than estimated. */
const BYTES_PER_TOKEN = 3;

/**
 * Any server with `/v1/embeddings`. Vectors are kept as the server sends them. Servers refuse empty texts, so that a text of
 * white space alone is not sent and has a vector of zeros. What a server cuts off it does not tell: `truncated` stays 0.
 * One short text is sent at once, to learn the length of the vectors.
 * @throws SystemFailure when the server cannot be used
 */
export async function openOpenAiEmbedder(options: OpenAiEmbedderOptions, signal: AbortSignal): Promise<OpenAiEmbedder> {
  for (const key of ["dimensions", "batchTexts", "batchTokens"] as const) {
    const value = options[key];
    if (value !== undefined && !(Number.isSafeInteger(value) && value > 0)) {
      throw new BadArgument(`${key} must be a whole number of at least 1, got ${value}`);
    }
  }
  const { endpoint, dimensions } = options;
  const { vectors } = await request(options, ["dimensions"], undefined, signal);
  if (dimensions !== undefined && vectors.length !== dimensions) {
    const message = `${endpoint.name} sent vectors of ${vectors.length} dimensions where ${dimensions} were asked for`;
    throw new SystemFailure("E_ENCODER_DIMENSIONS", message, { retryable: false });
  }
  return new OpenAiEmbedder(options, vectors.length);
}

export class OpenAiEmbedder implements Embedder {
  readonly dimensions: number;
  readonly hash: string;
  readonly prefixes: Embedder["prefixes"];
  /** Those of one request: what was paid for is kept when the next one fails. */
  readonly window: number;
  readonly #options: OpenAiEmbedderOptions;
  #counts: EmbedCounts = { texts: 0, tokens: 0, truncated: 0, empty: 0 };

  /** Use {@link openOpenAiEmbedder}. */
  constructor(options: OpenAiEmbedderOptions, dimensions: number) {
    this.#options = options;
    this.window = options.batchTexts ?? DEFAULT_BATCH_TEXTS;
    this.dimensions = dimensions;
    this.prefixes = choosePrefixes(options.prefixes);
    this.hash = hashValue({ kind: "openai", endpoint: options.endpoint.name, model: options.model, dimensions });
  }

  get counts(): EmbedCounts {
    return this.#counts;
  }

  async embed(texts: readonly string[], role: EmbedRole, signal: AbortSignal): Promise<Float32Array> {
    const vectors = new Float32Array(texts.length * this.dimensions);
    const whole = texts.map((text) => this.prefixes[role] + text);
    const sent = [...texts.keys()].filter((i) => texts[i]!.trim() !== "");
    let tokens = 0;
    for (const batch of this.#batches(sent, whole)) {
      signal.throwIfAborted();
      const input = batch.map((i) => whole[i]!);
      const reply = await request(this.#options, input, this.dimensions, signal);
      for (const [row, i] of batch.entries()) {
        const vector = reply.vectors.subarray(row * this.dimensions, (row + 1) * this.dimensions);
        vectors.set(vector, i * this.dimensions);
      }
      tokens += reply.tokens;
    }
    const before = this.#counts;
    this.#counts = {
      texts: before.texts + texts.length,
      tokens: before.tokens + tokens,
      truncated: 0,
      empty: before.empty + texts.length - sent.length,
    };
    return vectors;
  }

  *#batches(sent: readonly number[], texts: readonly string[]): Generator<readonly number[]> {
    const { batchTexts = DEFAULT_BATCH_TEXTS, batchTokens = 16_384 } = this.#options;
    let batch: number[] = [];
    let tokens = 0;
    for (const i of sent) {
      const estimate = likelyTokens(texts[i]!);
      if (batch.length > 0 && (batch.length >= batchTexts || tokens + estimate > batchTokens)) {
        yield batch;
        batch = [];
        tokens = 0;
      }
      batch.push(i);
      tokens += estimate;
    }
    if (batch.length > 0) yield batch;
  }
}

function likelyTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}

async function request(
  { endpoint, model, dimensions: asked }: OpenAiEmbedderOptions,
  input: string[],
  dimensions: number | undefined,
  signal: AbortSignal,
): Promise<{ vectors: Float32Array; tokens: number }> {
  const body = {
    model,
    input,
    // Servers differ in whether they know base64, the client's default.
    encoding_format: "float" as const,
    ...(asked === undefined ? {} : { dimensions: asked }),
  };
  const call = (client: OpenAI, own: AbortSignal): Promise<unknown> => client.embeddings.create(body, { signal: own });
  const likely = input.reduce((sum, text) => sum + likelyTokens(text), 0);
  const reply = await endpoint.ask(call, signal, likely, usedTokens);
  return embeddingsReply(endpoint.name, reply, input.length, dimensions);
}
