import { expect, it } from "vitest";
import type { Embedder } from "../embedder.ts";

const signal = new AbortController().signal;

/**
 * What every embedder promises, as tests of the enclosing `describe`.
 * @param open gives an embedder that knows the words red, green, blue, cat and dog
 */
export function embedderConformance(open: () => Promise<Embedder>): void {
  const texts = ["red", "a green dog", "", "cat cat blue", "red", " \n", "dog ".repeat(40)];

  it("conforms: one row a text, in their order, finite, the same alone as among others", async () => {
    const embedder = await open();
    const width = embedder.dimensions;
    for (const role of ["query", "passage"] as const) {
      const all = await embedder.embed(texts, role, signal);
      expect(all).toBeInstanceOf(Float32Array);
      expect(all).toHaveLength(texts.length * width);
      expect(all.every(Number.isFinite)).toBe(true);
      for (const [i, text] of texts.entries()) {
        const alone = await embedder.embed([text], role, signal);
        for (const [d, x] of alone.entries()) expect(all[i * width + d]).toBeCloseTo(x, 5);
      }
      expect(all.slice(0, width)).toEqual(all.slice(4 * width, 5 * width));
    }
  });

  it("conforms: no texts give no rows", async () => {
    expect(await (await open()).embed([], "query", signal)).toHaveLength(0);
  });

  it("conforms: counts every text once", async () => {
    const embedder = await open();
    const { texts: before } = embedder.counts;
    await embedder.embed(texts, "passage", signal);
    expect(embedder.counts.texts - before).toBe(texts.length);
    expect(embedder.counts.tokens).toBeGreaterThan(0);
  });

  it("conforms: two of the same model have one hash, of 64 hexadecimal digits", async () => {
    const [a, b] = [await open(), await open()];
    expect(a.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(b.hash).toBe(a.hash);
    expect([...(await a.embed(["red"], "query", signal))]).toEqual([...(await b.embed(["red"], "query", signal))]);
  });

  it("conforms: throws the signal's reason when it is aborted", async () => {
    const embedder = await open();
    const reason = new Error("enough");
    await expect(embedder.embed(["red"], "query", AbortSignal.abort(reason))).rejects.toBe(reason);
  });
}
