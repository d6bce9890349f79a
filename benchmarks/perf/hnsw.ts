/**
 * Speed and recall of HNSW search as a whole process, on the inputs of the peers' script.
 *
 *   npx tsc -p . --noEmit false --outDir dist/perf
 *   OMP_NUM_THREADS=1 node dist/perf/benchmarks/perf/hnsw.js VECTORS.f32 QUERIES.f32 [N] [M] [EF_CONSTRUCTION] [EF_SEARCH...]
 *
 * Both files hold row-major 32-bit floats of 384 dimensions; the first N vectors are indexed. Top 10. Prints for each efSearch
 * the recall@10 against exact search and milliseconds of user CPU a query, all queries at once and one by one. Needs faiss:
 * see `npm run build:faiss`.
 */
import { readFileSync } from "node:fs";
import { ExactIndex } from "../../src/search/exact-index.ts";
import { exactMemory } from "../../src/search/exact-memory.ts";
import { buildFaiss } from "../../src/search/faiss-build.ts";
import { FaissIndex } from "../../src/search/faiss-index.ts";
import { loadFaiss } from "../../src/search/faiss-module.ts";

const DIMENSIONS = 384;
const [vectorFile, queryFile, limit = "Infinity", M = "16", efConstruction = "200", ...efs] = process.argv.slice(2);
if (vectorFile === undefined || queryFile === undefined) throw new Error("usage: hnsw.js VECTORS.f32 QUERIES.f32 …");
const signal = new AbortController().signal;

function floats(path: string): Float32Array {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
}

async function user<T>(work: () => Promise<T>): Promise<{ seconds: number; result: T }> {
  const cpu = process.cpuUsage();
  const result = await work();
  return { seconds: process.cpuUsage(cpu).user / 1e6, result };
}

const all = floats(vectorFile);
const vectors = all.subarray(0, Math.min(all.length, Number(limit) * DIMENSIONS));
const queries = floats(queryFile);
const count = queries.length / DIMENSIONS;
const ids = Array.from({ length: vectors.length / DIMENSIONS }, (_, i) => String(i));
const rows = exactMemory(ids, vectors, DIMENSIONS);
const exact = await (await ExactIndex.create(rows)).search(queries, 10, signal);
const faiss = loadFaiss();
const settings = { kind: "hnsw", M: Number(M), efConstruction: Number(efConstruction), efSearch: 16 } as const;
const build = await user(() => buildFaiss(faiss, rows, { settings, signal }));
console.log(`build ${build.seconds.toFixed(1)} s user, recall ${build.result.recall.recall}`);
const saved = build.result.native.toBuffer();
// efSearch lies in the saved index right after efConstruction.
const at = saved.lastIndexOf(Buffer.from(Int32Array.of(settings.efConstruction, settings.efSearch).buffer));
for (const efSearch of efs.map(Number)) {
  saved.writeInt32LE(efSearch, at + 4);
  const index = new FaissIndex(faiss.Index.fromBuffer(saved), rows, build.result.recall);
  await index.search(queries.subarray(0, 100 * DIMENSIONS), 10, signal);
  const batch = await user(() => index.search(queries, 10, signal));
  const single = await user(async () => {
    for (let q = 0; q < count; q += 1) {
      await index.search(queries.subarray(q * DIMENSIONS, (q + 1) * DIMENSIONS), 10, signal);
    }
  });
  const shares = batch.result.map((ranking, q) => {
    const nearest = new Set(exact[q]!.map(([id]) => id));
    return ranking.filter(([id]) => nearest.has(id)).length / 10;
  });
  const recall = shares.reduce((a, b) => a + b, 0) / count;
  const [batchMs, singleMs] = [batch, single].map(({ seconds }) => (seconds * 1000) / count);
  console.log(`RESULT ${JSON.stringify({ efSearch, recall, batchMs, singleMs, rows: ids.length })}`);
}
