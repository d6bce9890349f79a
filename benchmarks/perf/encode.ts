/**
 * Speed of encoding passages with an ONNX encoder, as a whole process, and what another export of it costs in recall.
 *
 *   npx tsc -p . --noEmit false --outDir dist/perf
 *   node dist/perf/benchmarks/perf/encode.js ENCODER PASSAGES [N] [THREADS] [MODEL.onnx]
 *
 * PASSAGES is a text file, one passage a line as a JSON string, or a dataset's folder; the first N are encoded (default all),
 * after a warm-up with 16 of them. Prints passages a second, and with MODEL.onnx, a file below the encoder's folder such as
 * an int8 export, also how near its vectors are to those of model.onnx: the mean cosine, and how many of the ten nearest
 * passages they share. Of a dataset it prints besides, over the judged questions of all splits, R@10 of both by exact search,
 * and their paired difference with its 95 % interval, questions from one document as a cluster.
 */
import { readFileSync, statSync } from "node:fs";
import type { Query } from "../../src/core/query.ts";
import type { Judgements } from "../../src/core/ranking.ts";
import { seeded } from "../../src/core/rng.ts";
import { openDataset } from "../../src/dataset/index.ts";
import type { Embedder } from "../../src/embed/embedder.ts";
import { openOnnxEmbedder } from "../../src/embed/onnx-embedder.ts";
import { parseMetric } from "../../src/metric/index.ts";
import { embeddedText } from "../../src/search/exact-build.ts";
import { ExactIndex } from "../../src/search/exact-index.ts";
import { exactMemory } from "../../src/search/exact-memory.ts";
import { comparePaired } from "../../src/stats/index.ts";

const [folder, source, limit = "Infinity", threads = "2", model] = process.argv.slice(2);
if (folder === undefined || source === undefined) {
  throw new Error("usage: encode.js ENCODER PASSAGES.txt|DATASET [N] [THREADS] [MODEL.onnx]");
}
const signal = new AbortController().signal;
const { texts, ids, judged } = await read(source, Number(limit));

/** Passages, and of a dataset the questions that have gold among them. */
async function read(path: string, most: number) {
  const judged: { query: Query; gold: Judgements }[] = [];
  if (!statSync(path).isDirectory()) {
    const lines = readFileSync(path, "utf8").trim().split("\n").slice(0, most);
    return { texts: lines.map((line) => JSON.parse(line) as string), ids: lines.map((_, i) => String(i)), judged };
  }
  const dataset = await openDataset(path);
  const texts: string[] = [];
  const ids: string[] = [];
  for await (const passage of dataset.passages()) {
    if (ids.length >= most) break;
    ids.push(passage.id);
    texts.push(embeddedText(passage, true));
  }
  const known = new Set(ids);
  for (const split of dataset.splits) {
    const judgements = await dataset.judgements(split, "passage");
    for await (const query of dataset.queries(split)) {
      const gold = judgements.get(query.id);
      if (gold && [...gold.keys()].some((id) => known.has(id))) judged.push({ query, gold });
    }
  }
  return { texts, ids, judged };
}

interface Encoded {
  readonly vectors: Float32Array;
  readonly dimensions: number;
  readonly embedder: Embedder;
}

async function encode(name: string | undefined): Promise<Encoded> {
  const options = name === undefined ? {} : { model: name };
  const embedder = await openOnnxEmbedder({ folder: folder!, threads: Number(threads), ...options });
  await embedder.embed(texts.slice(0, 16), "passage", signal);
  const started = performance.now();
  const vectors = await embedder.embed(texts, "passage", signal);
  const wall = (performance.now() - started) / 1000;
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const result = { model: name ?? "model.onnx", passages: texts.length, threads: Number(threads), wall, peakMb };
  console.log(`RESULT ${JSON.stringify({ ...result, perSecond: texts.length / wall })}`);
  return { vectors, dimensions: embedder.dimensions, embedder };
}

/** R@10 of each judged question, by exact search. */
async function recalls({ vectors, dimensions, embedder }: Encoded): Promise<number[]> {
  const index = await ExactIndex.create(exactMemory(ids, vectors, dimensions));
  const asked = await embedder.embed(
    judged.map(({ query }) => query.text),
    "query",
    signal,
  );
  const parsed = parseMetric("R@10");
  if (!parsed.ok || parsed.metric.kind !== "ranking") throw new Error("R@10 is a metric of rankings");
  const { metric } = parsed;
  return (await index.search(asked, 10, signal)).map((ranking, i) => {
    const outcome = metric.compute(
      ranking.map(([id]) => id),
      judged[i]!.gold,
    );
    return outcome.state === "scored" ? outcome.value : 0;
  });
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

const full = await encode(undefined);
if (model !== undefined) {
  const { vectors, dimensions } = full;
  const other = await encode(model);
  const others = other.vectors;
  let cosines = 0;
  for (let i = 0; i < vectors.length; i += 1) cosines += vectors[i]! * others[i]!;
  const search = async (all: Float32Array) =>
    (await ExactIndex.create(exactMemory(ids, all, dimensions))).search(all, 11, signal);
  const [expected, found] = [await search(vectors), await search(others)];
  // The nearest of each is itself, or its double.
  const shared = expected.map((ranking, q) => {
    const near = new Set(ranking.slice(1).map(([id]) => id));
    return found[q]!.slice(1).filter(([id]) => near.has(id)).length / near.size;
  });
  console.log(`RESULT ${JSON.stringify({ model, meanCosine: cosines / texts.length, overlapAt10: mean(shared) })}`);
  if (judged.length > 1) {
    const [before, after] = [await recalls(full), await recalls(other)];
    const documents = [...new Set(judged.map(({ query }) => query.document ?? query.id))];
    const { difference, p, wins, losses } = comparePaired(after, before, {
      rng: seeded(0),
      range: [0, 1],
      clusters: judged.map(({ query }) => documents.indexOf(query.document ?? query.id)),
    });
    const figures = { questions: judged.length, recallAt10: mean(before), ofExport: mean(after) };
    console.log(`RESULT ${JSON.stringify({ model, ...figures, difference, p, wins, losses })}`);
  }
}
