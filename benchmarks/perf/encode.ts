/**
 * Speed of encoding passages with an ONNX encoder, as a whole process.
 *
 *   npx tsc -p . --noEmit false --outDir dist/perf
 *   node dist/perf/benchmarks/perf/encode.js ENCODER PASSAGES.txt [N] [THREADS] [MODEL.onnx]
 *
 * One passage a line, as a JSON string; the first N are encoded (default all), after a warm-up with 16 of them. Prints passages
 * a second, and with MODEL.onnx, a file below the encoder's folder such as an int8 export, also how near its vectors are to
 * those of model.onnx: the mean cosine, and how many of the ten nearest passages they share.
 */
import { readFileSync } from "node:fs";
import { openOnnxEmbedder } from "../../src/embed/onnx-embedder.ts";
import { ExactIndex } from "../../src/search/exact-index.ts";
import { exactMemory } from "../../src/search/exact-memory.ts";

const [folder, file, limit = "Infinity", threads = "2", model] = process.argv.slice(2);
if (folder === undefined || file === undefined) {
  throw new Error("usage: encode.js ENCODER PASSAGES.txt [N] [THREADS] [MODEL.onnx]");
}
const signal = new AbortController().signal;
const lines = readFileSync(file, "utf8").trim().split("\n").slice(0, Number(limit));
const texts = lines.map((line) => JSON.parse(line) as string);

async function encode(name: string | undefined): Promise<{ vectors: Float32Array; dimensions: number }> {
  const options = name === undefined ? {} : { model: name };
  const embedder = await openOnnxEmbedder({ folder: folder!, threads: Number(threads), ...options });
  await embedder.embed(texts.slice(0, 16), "passage", signal);
  const started = performance.now();
  const vectors = await embedder.embed(texts, "passage", signal);
  const wall = (performance.now() - started) / 1000;
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const result = { model: name ?? "model.onnx", passages: texts.length, threads: Number(threads), wall, peakMb };
  console.log(`RESULT ${JSON.stringify({ ...result, perSecond: texts.length / wall })}`);
  return { vectors, dimensions: embedder.dimensions };
}

const { vectors, dimensions } = await encode(undefined);
if (model !== undefined) {
  const { vectors: others } = await encode(model);
  let cosines = 0;
  for (let i = 0; i < vectors.length; i += 1) cosines += vectors[i]! * others[i]!;
  const ids = texts.map((_, i) => String(i));
  const search = async (all: Float32Array) =>
    (await ExactIndex.create(exactMemory(ids, all, dimensions))).search(all, 11, signal);
  const [expected, found] = [await search(vectors), await search(others)];
  // The nearest of each is itself, or its double.
  const shared = expected.map((ranking, q) => {
    const near = new Set(ranking.slice(1).map(([id]) => id));
    return found[q]!.slice(1).filter(([id]) => near.has(id)).length / near.size;
  });
  const overlapAt10 = shared.reduce((a, b) => a + b, 0) / shared.length;
  console.log(`RESULT ${JSON.stringify({ model, meanCosine: cosines / texts.length, overlapAt10 })}`);
}
