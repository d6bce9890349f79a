import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import type { Embedder } from "./embedder.ts";
import { readModules } from "./encoder-modules.ts";
import { encoderError } from "./encoder-problem.ts";
import { naturalNumber, readJsonObject } from "./json-file.ts";
import { type Pooling, readPooling } from "./pooling.ts";
import { choosePrefixes, readPrefixes } from "./prefixes.ts";
import { TextTokenizer } from "./text-tokenizer.ts";

/** What the user says about an encoder instead of its files. */
export interface EncoderOverrides {
  /** ONNX file below the folder. @default model.onnx or onnx/model.onnx */
  readonly model?: string;
  readonly pooling?: Pooling;
  readonly normalize?: boolean;
  readonly prefixes?: Partial<Embedder["prefixes"]>;
  /** Longest text, in tokens, special ones included. */
  readonly maxTokens?: number;
}

/** All that a transformer encoder's folder says about how texts become vectors. */
export interface EncoderFolder {
  readonly modelPath: string;
  /** Where tokenizer and settings are. */
  readonly folder: string;
  readonly tokenizer: TextTokenizer;
  readonly pooling: Pooling;
  readonly normalize: boolean;
  readonly prefixes: Embedder["prefixes"];
  readonly maxTokens: number;
  readonly lowerCase: boolean;
}

/**
 * Reads a sentence-transformers folder: `model.onnx` or `onnx/model.onnx`, `tokenizer.json`, `modules.json`, the Pooling's
 * settings, prompts, and the length limit.
 * @throws DataError with everything that is wrong
 */
export async function readEncoderFolder(root: string, overrides: EncoderOverrides = {}): Promise<EncoderFolder> {
  if (!(await stat(root).catch(() => undefined))?.isDirectory()) {
    const fix = "name the folder that holds model.onnx and tokenizer.json";
    throw encoderError("E_ENCODER_FOLDER", root, ["an encoder's folder", "no such folder", fix]);
  }
  const problems: Problem[] = [];
  const found = async <T>(reading: Promise<T>): Promise<T | undefined> => {
    try {
      return await reading;
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const modules = await found(readModules(root));
  const folder = modules?.folder ?? root;
  const broken = problems.length > 0;
  const modelPath = await found(findModel(root, folder, overrides.model));
  const tokenizer = await found(TextTokenizer.open(folder));
  const prompts = await found(readPrefixes(root));
  const limits = await found(readLimits(folder, overrides.maxTokens));
  // Where modules.json itself is wrong, what it would name cannot be judged.
  const pooled = broken ? undefined : await found(choosePooling(root, modules?.poolingFolder, overrides.pooling));
  const prefixes = choosePrefixes(overrides.prefixes, prompts);
  if (pooled && !pooled.includePrompt && (prefixes.query !== "" || prefixes.passage !== "")) {
    const expected = "a pooling that includes the prefix, or no prefixes";
    const fix = "use another model: leaving a prefix out of the mean is not supported";
    problems.push(...encoderError("E_ENCODER_POOLING", root, [expected, '"include_prompt": false', fix]).problems);
  }
  if (!modelPath || !tokenizer || !limits || !pooled || problems.length > 0) throw new DataError(problems);
  return {
    modelPath,
    folder,
    tokenizer,
    pooling: pooled.pooling,
    // Without modules.json, where vectors are compared by inner product, the cosine is what models are trained for.
    normalize: overrides.normalize ?? modules?.normalize ?? true,
    prefixes,
    ...limits,
  };
}

async function findModel(root: string, folder: string, named: string | undefined): Promise<string> {
  const places =
    named === undefined ? [join(folder, "model.onnx"), join(root, "onnx", "model.onnx")] : [join(root, named)];
  const path = places.find((place) => existsSync(place));
  if (path) return path;
  const expected = named ?? "model.onnx or onnx/model.onnx";
  const fix = existsSync(join(folder, "model.safetensors"))
    ? "export the model as model.onnx: exportBert does it for BERT models, optimum for others"
    : "copy the ONNX file of the model into the folder";
  throw encoderError("E_ENCODER_MODEL", root, [expected, "a folder without it", fix]);
}

async function choosePooling(
  root: string,
  folder: string | undefined,
  named: Pooling | undefined,
): Promise<{ pooling: Pooling; includePrompt: boolean }> {
  if (named) return { pooling: named, includePrompt: true };
  if (folder) return readPooling(folder);
  const fix = "name the pooling in the encoder's settings: mean, cls or last";
  throw encoderError("E_ENCODER_POOLING", join(root, "modules.json"), [
    "a modules.json with Transformer and Pooling",
    "a folder without one",
    fix,
  ]);
}

/** The limit is the smallest of what the files say: sentence-transformers', else the tokenizer's, and the model's own. */
async function readLimits(
  folder: string,
  named: number | undefined,
): Promise<{ maxTokens: number; lowerCase: boolean }> {
  const own = await readJsonObject(join(folder, "sentence_bert_config.json"), "E_ENCODER_CONFIG");
  const tokenizer = await readJsonObject(join(folder, "tokenizer_config.json"), "E_ENCODER_CONFIG");
  const model = await readJsonObject(join(folder, "config.json"), "E_ENCODER_CONFIG");
  // Tokenizers without a limit carry 10^30, which is no whole number a computer counts to.
  const said = named ?? naturalNumber(own?.max_seq_length) ?? naturalNumber(tokenizer?.model_max_length);
  const places = naturalNumber(model?.max_position_embeddings);
  const maxTokens = Math.min(said ?? Number.POSITIVE_INFINITY, places ?? Number.POSITIVE_INFINITY);
  if (!Number.isFinite(maxTokens)) {
    const fix = "name the longest text in tokens in the encoder's settings";
    const expected = "max_seq_length, or model_max_length in tokenizer_config.json";
    throw encoderError("E_ENCODER_CONFIG", join(folder, "sentence_bert_config.json"), [expected, "neither", fix]);
  }
  return { maxTokens, lowerCase: own?.do_lower_case === true };
}
