import { join } from "node:path";
import { quoteValue } from "../lib/text.ts";
import { encoderError } from "./encoder-problem.ts";
import { isObject, readJson } from "./json-file.ts";

/** The steps of an encoder, as its `modules.json` lists them. */
export interface EncoderModules {
  readonly kind: "transformer" | "static";
  /** Folder of the first module: model, tokenizer and their settings. */
  readonly folder: string;
  /** Folder of the Pooling module, where there is one. */
  readonly poolingFolder?: string;
  readonly normalize: boolean;
}

/**
 * Reads `modules.json` of a sentence-transformers folder: a Transformer with Pooling, or a StaticEmbedding, then perhaps
 * Normalize. Types are known by their last part, which stays when the library moves its classes.
 * @returns undefined when the folder has no `modules.json`
 * @throws DataError E_ENCODER_MODULE for another module, or another order
 */
export async function readModules(root: string): Promise<EncoderModules | undefined> {
  const path = join(root, "modules.json");
  const list = await readJson(path, "E_ENCODER_MODULE");
  if (list === undefined) return undefined;
  const modules = Array.isArray(list) ? list.map(readModule) : [];
  const names = modules.map((module) => module?.type ?? "?");
  const shape = names.join(" ").toLowerCase();
  if (!/^(transformer pooling|staticembedding)( normalize)?$/.test(shape)) {
    const fix = "use a model of these modules; others, such as Dense, change the vectors and are not supported";
    const expected = "Transformer, Pooling or StaticEmbedding, then perhaps Normalize";
    throw encoderError("E_ENCODER_MODULE", path, [expected, quoteValue(names.join(", ")), fix]);
  }
  const folder = join(root, modules[0]!.path);
  const normalize = shape.endsWith(" normalize");
  return shape.startsWith("static")
    ? { kind: "static", folder, normalize }
    : { kind: "transformer", folder, poolingFolder: join(root, modules[1]!.path), normalize };
}

/** @returns undefined for what is no module, or one whose path leaves the folder */
function readModule(value: unknown): { type: string; path: string } | undefined {
  if (!isObject(value) || typeof value.type !== "string" || typeof value.path !== "string") return undefined;
  if (value.path.split(/[\\/]/).includes("..") || /^([\\/]|[a-z]:)/i.test(value.path)) return undefined;
  return { type: value.type.split(".").at(-1)!, path: value.path };
}
