import { join } from "node:path";
import { quoteValue } from "../lib/text.ts";
import { encoderError } from "./encoder-problem.ts";
import { readJsonObject } from "./json-file.ts";

/** How the vectors of a text's tokens become one. */
export type Pooling = "mean" | "cls" | "last";

const FLAGS: ReadonlyMap<string, string> = new Map([
  ["pooling_mode_cls_token", "cls"],
  ["pooling_mode_mean_tokens", "mean"],
  ["pooling_mode_lasttoken", "last"],
  ["pooling_mode_max_tokens", "max"],
  ["pooling_mode_mean_sqrt_len_tokens", "mean_sqrt_len_tokens"],
  ["pooling_mode_weightedmean_tokens", "weightedmean"],
]);

/**
 * Reads the `config.json` of a Pooling module, in either form: one flag for each way, or `pooling_mode` with the name.
 * @returns also whether the tokens of a prefix are pooled
 * @throws DataError E_ENCODER_POOLING for none, several, or one that is not supported
 */
export async function readPooling(folder: string): Promise<{ pooling: Pooling; includePrompt: boolean }> {
  const path = join(folder, "config.json");
  const config = await readJsonObject(path, "E_ENCODER_POOLING");
  if (!config) throw encoderError("E_ENCODER_POOLING", path, ["the pooling's config.json", "no such file", FIX]);
  const named = config.pooling_mode;
  const modes =
    named === undefined
      ? [...FLAGS].filter(([flag]) => config[flag] === true).map(([, mode]) => mode)
      : [named].flat().map((mode) => (mode === "lasttoken" ? "last" : mode));
  const [mode] = modes;
  if (modes.length !== 1 || (mode !== "mean" && mode !== "cls" && mode !== "last")) {
    const got = modes.length === 0 ? "none" : modes.map((m) => quoteValue(m)).join(" and ");
    throw encoderError("E_ENCODER_POOLING", path, ["one of mean, cls and last token", got, FIX]);
  }
  return { pooling: mode, includePrompt: config.include_prompt !== false };
}

const FIX = "use a model with one of these poolings, or name the pooling in the encoder's settings";

/**
 * One vector from the first `length` rows of a text's token vectors.
 * @param hidden rows of `into.length` floats
 * @param start where the text's first row begins
 */
export function pool(pooling: Pooling, hidden: Float32Array, start: number, length: number, into: Float32Array): void {
  const width = into.length;
  if (pooling !== "mean") {
    const row = start + (pooling === "cls" ? 0 : length - 1) * width;
    into.set(hidden.subarray(row, row + width));
    return;
  }
  const sum = new Float64Array(width);
  for (let at = start; at < start + length * width; at += width) {
    for (let i = 0; i < width; i += 1) sum[i]! += hidden[at + i]!;
  }
  for (let i = 0; i < width; i += 1) into[i] = sum[i]! / length;
}

/** Scales a vector to length 1 in place; a vector of zeros stays one. */
export function normalize(vector: Float32Array): void {
  let squares = 0;
  for (const x of vector) squares += x * x;
  const length = Math.max(Math.sqrt(squares), 1e-12);
  for (let i = 0; i < vector.length; i += 1) vector[i] = vector[i]! / length;
}

/** Whether a vector holds numbers alone: neither NaN nor infinity. */
export function isFiniteVector(vector: Float32Array): boolean {
  for (const x of vector) if (!Number.isFinite(x)) return false;
  return true;
}
