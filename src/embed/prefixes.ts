import { join } from "node:path";
import type { Embedder } from "./embedder.ts";
import { isObject, readJsonObject } from "./json-file.ts";

/**
 * What a model wants before queries and passages: the `prompts` of `config_sentence_transformers.json`, a passage's under
 * `passage` or `document`; a role without its own gets the default prompt, where one is named.
 */
export async function readPrefixes(folder: string): Promise<Embedder["prefixes"]> {
  const config = await readJsonObject(join(folder, "config_sentence_transformers.json"), "E_ENCODER_CONFIG");
  const prompts = new Map(isObject(config?.prompts) ? Object.entries(config.prompts) : []);
  const named = (...names: readonly unknown[]): string => {
    for (const name of names) {
      const prompt = typeof name === "string" ? prompts.get(name) : undefined;
      if (typeof prompt === "string") return prompt;
    }
    return "";
  };
  const fallback = config?.default_prompt_name;
  return { query: named("query", fallback), passage: named("passage", "document", fallback) };
}

/** The first prefix that is given for each role: the user's, else the model's, else none. */
export function choosePrefixes(
  own: Partial<Embedder["prefixes"]> | undefined,
  model?: Embedder["prefixes"],
): Embedder["prefixes"] {
  return { query: own?.query ?? model?.query ?? "", passage: own?.passage ?? model?.passage ?? "" };
}
