import { sha256 } from "../../lib/hash.ts";
import type { Embedder } from "../embedder.ts";

/** An encoder that reads no model: four small numbers from the hash of the encoded text. It keeps what it was given. */
export function hashEmbedder(prefixes = { query: "", passage: "" }): Embedder & { readonly given: string[] } {
  const given: string[] = [];
  return {
    given,
    dimensions: 4,
    hash: sha256("hash embedder"),
    prefixes,
    counts: { texts: 0, tokens: 0, truncated: 0, empty: 0 },
    async embed(texts, role, signal) {
      signal.throwIfAborted();
      given.push(...texts);
      return Float32Array.from(texts.flatMap((text) => hashVector(prefixes[role] + text)));
    },
  };
}

export function hashVector(encoded: string): number[] {
  return [...Buffer.from(sha256(encoded), "hex").subarray(0, 4)];
}
