import type { Rng } from "../../core/rng.ts";
import { safetensors } from "../../embed/testing/safetensors.ts";
import { TOKENIZER, tinyEncoder } from "../../embed/testing/tiny-encoder.ts";

/** The files of a static encoder that knows these words, each with a vector drawn at random, below a folder. */
export function wordEncoder(
  folder: string,
  words: readonly string[],
  dimensions: number,
  rng: Rng,
): Record<string, string | Uint8Array> {
  const names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", ...words];
  const vocab = Object.fromEntries(names.map((word, id) => [word, id]));
  const table = Float32Array.from({ length: names.length * dimensions }, () => rng.float() - 0.5);
  const files = {
    ...tinyEncoder({ "model.onnx": undefined, "modules.json": undefined }),
    "model.safetensors": safetensors({ embeddings: ["F32", [names.length, dimensions], table] }),
    "tokenizer.json": JSON.stringify({ ...TOKENIZER, model: { ...TOKENIZER.model, vocab } }),
  };
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]));
}
