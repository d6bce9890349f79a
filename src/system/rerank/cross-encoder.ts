import { existsSync } from "node:fs";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { encoderError } from "../../embed/encoder-problem.ts";
import { printable, truncate } from "../../lib/text.ts";
import { PairTokenizer, type TokenizedPair } from "./pair-tokenizer.ts";
import type { Reranker } from "./rerank-retriever.ts";

export interface CrossEncoderOptions {
  /** A folder with `model.onnx` or `onnx/model.onnx`, `tokenizer.json` and `config.json`. */
  readonly folder: string;
  /** Longest pair, in tokens. @default what the folder says */
  readonly maxTokens?: number;
  /** @default what onnxruntime takes: one for each core */
  readonly threads?: number;
}

const INPUTS = ["input_ids", "attention_mask", "token_type_ids"] as const;
/** Most tokens of one batch, padding included. */
const BATCH_TOKENS = 4096;

/**
 * A cross-encoder on the CPU: question and passage are read together, and the score is the model's one logit. The sigmoid that
 * sentence-transformers puts over it changes no order and is left out.
 * @throws DataError with what is wrong with the folder, or when the model has not exactly one output a pair
 */
export async function openCrossEncoder({ folder, maxTokens, threads }: CrossEncoderOptions): Promise<Reranker> {
  const path = [join(folder, "model.onnx"), join(folder, "onnx", "model.onnx")].find((place) => existsSync(place));
  if (path === undefined) {
    const fix = "export the cross-encoder as model.onnx, for example with optimum";
    throw encoderError("E_ENCODER_MODEL", folder, ["model.onnx or onnx/model.onnx", "a folder without it", fix]);
  }
  const tokenizer = await PairTokenizer.open(folder, maxTokens);
  let session: InferenceSession;
  try {
    session = await InferenceSession.create(path, {
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
      logSeverityLevel: 3,
    });
  } catch (error) {
    throw unusable(path, "an ONNX model", error);
  }
  const wrong = session.inputNames.filter((name) => !(INPUTS as readonly string[]).includes(name));
  if (wrong.length > 0) throw unusable(path, `the inputs ${INPUTS.join(", ")}`, new Error(`the input ${wrong[0]}`));
  const names = session.outputNames;
  const output = names.includes("logits") ? "logits" : names[0]!;
  const forward = (pairs: readonly TokenizedPair[]) => run(session, output, pairs, path);
  // A model that cannot run fails when it is opened.
  await forward([tokenizer.encode("a", "a")]);
  return {
    async score(query, texts, signal) {
      const pairs = texts.map((text) => tokenizer.encode(query, text));
      const longestFirst = [...pairs.keys()].sort((a, b) => pairs[b]!.ids.length - pairs[a]!.ids.length);
      const scores = new Array<number>(texts.length).fill(0);
      for (let from = 0; from < longestFirst.length; ) {
        signal.throwIfAborted();
        const longest = Math.max(1, pairs[longestFirst[from]!]!.ids.length);
        const batch = longestFirst.slice(from, from + Math.max(1, Math.floor(BATCH_TOKENS / longest)));
        const logits = await forward(batch.map((i) => pairs[i]!));
        for (const [row, i] of batch.entries()) scores[i] = logits[row]!;
        from += batch.length;
      }
      return scores;
    },
  };
}

async function run(
  session: InferenceSession,
  output: string,
  pairs: readonly TokenizedPair[],
  path: string,
): Promise<Float32Array> {
  const length = Math.max(...pairs.map(({ ids }) => ids.length));
  const shape = [pairs.length, length];
  const ids = new BigInt64Array(pairs.length * length);
  const mask = new BigInt64Array(ids.length);
  const types = new BigInt64Array(ids.length);
  for (const [row, pair] of pairs.entries()) {
    for (const [i, id] of pair.ids.entries()) {
      ids[row * length + i] = BigInt(id);
      types[row * length + i] = BigInt(pair.types[i]!);
    }
    mask.fill(1n, row * length, row * length + pair.ids.length);
  }
  const all: Readonly<Record<string, BigInt64Array>> = { input_ids: ids, attention_mask: mask, token_type_ids: types };
  const feeds = Object.fromEntries(session.inputNames.map((name) => [name, new Tensor("int64", all[name]!, shape)]));
  try {
    const { data } = (await session.run(feeds, [output]))[output]!;
    if (!(data instanceof Float32Array) || data.length !== pairs.length) {
      throw new Error(`${data.length} of them in ${output}`);
    }
    if (!data.every(Number.isFinite)) throw new Error("NaN or infinity");
    return data;
  } catch (error) {
    throw unusable(path, `${pairs.length} finite 32-bit scores, one a pair`, error);
  }
}

function unusable(where: string, expected: string, error: unknown) {
  const got = truncate(printable((error as Error).message), 300);
  return encoderError("E_ENCODER_MODEL", where, [expected, got, "use a cross-encoder with one output"]);
}
