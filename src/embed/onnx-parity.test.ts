import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hasShared, shared } from "../lib/testing/shared.ts";
import { openOnnxEmbedder } from "./onnx-embedder.ts";
import { ENCODER, hasEncoder, NO_ENCODER } from "./testing/real-encoder.ts";

const signal = new AbortController().signal;

describe.skipIf(!hasEncoder || !hasShared)(`all-MiniLM-L6-v2 as sentence-transformers runs it${NO_ENCODER}`, () => {
  it("has its token ids, and its vectors to 1e-4, in whatever batch a text is", async () => {
    const reference = JSON.parse(readFileSync(shared("reference/encoder.json"), "utf8")) as {
      texts: string[];
      ids: number[][];
      emb: number[][];
    };
    const { texts, ids, emb } = reference;
    const embedder = await openOnnxEmbedder({ folder: ENCODER });
    expect(embedder.dimensions).toBe(384);
    expect(texts.map((text) => embedder.tokenize(text, "passage").ids)).toEqual(ids);
    const vectors = await embedder.embed(texts, "passage", signal);
    let worst = 0;
    for (const [i, vector] of emb.entries()) {
      for (const [d, value] of vector.entries()) worst = Math.max(worst, Math.abs(vectors[i * 384 + d]! - value));
    }
    expect(worst).toBeLessThan(1e-5);
    const alone = await embedder.embed([texts[7]!], "query", signal);
    const batched = vectors.subarray(7 * 384, 8 * 384);
    expect(Math.max(...alone.map((x, d) => Math.abs(x - batched[d]!)))).toBeLessThan(1e-6);
  });
});
