import { readFile } from "node:fs/promises";
import { type EncoderCode, encoderError } from "./encoder-problem.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The object in a JSON file of an encoder's folder.
 * @returns undefined when there is no such file
 * @throws DataError with the code when there is one that cannot be read or holds something else
 */
export async function readJsonObject(path: string, code: EncoderCode): Promise<JsonObject | undefined> {
  const value = await readJson(path, code);
  if (value === undefined || isObject(value)) return value;
  throw encoderError(code, path, ["a JSON object", Array.isArray(value) ? "an array" : typeof value, AGAIN]);
}

/** As {@link readJsonObject}, for a file that holds any JSON value. */
export async function readJson(path: string, code: EncoderCode): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "an unknown error";
    if (reason === "ENOENT" || reason === "ENOTDIR") return undefined;
    throw encoderError(code, path, ["a readable file", reason, "make the file readable"]);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw encoderError(code, path, ["JSON", "other text, or a file that is cut off", AGAIN]);
  }
}

export function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** A positive whole number, or undefined for anything else. */
export function naturalNumber(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : undefined;
}

const AGAIN = "copy the model's folder again";
