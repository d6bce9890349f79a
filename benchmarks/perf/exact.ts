/**
 * Speed and memory of exact search as a whole process, on the inputs of the peers' script.
 *
 *   npx tsc -p . --noEmit false --outDir dist/perf
 *   node dist/perf/benchmarks/perf/exact.js VECTORS.f32 QUERIES.f32 [DIMENSIONS] [THREADS]
 *
 * Both files hold row-major 32-bit floats. Top 10: all queries in batches of 256, then 200 one by one. Prints seconds of wall
 * and user CPU time and the peak of the memory, then a JSON line. onnxruntime's threads wait by spinning, so that user time
 * tells something with one thread only.
 */
import { readFileSync } from "node:fs";
import { ExactIndex } from "../../src/search/exact-index.ts";
import { exactMemory } from "../../src/search/exact-memory.ts";

const [vectorFile, queryFile, width = "384", threads = "1"] = process.argv.slice(2);
if (vectorFile === undefined || queryFile === undefined) {
  throw new Error("usage: exact.js VECTORS.f32 QUERIES.f32 [DIMENSIONS] [THREADS]");
}
const dimensions = Number(width);
const signal = new AbortController().signal;
const stages: Record<string, { wall: number; user: number; perQueryMs: number; peakMb: number }> = {};

function floats(path: string): Float32Array {
  // A small file is read into a part of a shared buffer, where floats need not be aligned.
  const bytes = new Uint8Array(readFileSync(path));
  return new Float32Array(bytes.buffer, 0, bytes.length / 4);
}

async function stage<T>(name: string, count: number, work: () => Promise<T>): Promise<T> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  const result = await work();
  const wall = (performance.now() - started) / 1000;
  const user = process.cpuUsage(cpu).user / 1e6;
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const perQueryMs = (wall / count) * 1000;
  stages[name] = { wall, user, perQueryMs, peakMb };
  const each = `${perQueryMs.toFixed(3)} ms each`;
  console.log(
    `${name.padEnd(22)} ${wall.toFixed(3)} s wall  ${user.toFixed(3)} s user  ${each}  peak ${peakMb.toFixed(0)} MB`,
  );
  return result;
}

const queries = floats(queryFile);
const count = queries.length / dimensions;
const index = await stage("read and build", 1, async () => {
  const vectors = floats(vectorFile);
  const ids = Array.from({ length: vectors.length / dimensions }, (_, i) => String(i));
  return ExactIndex.create(exactMemory(ids, vectors, dimensions), { threads: Number(threads) });
});
await stage("warm-up", 256, () => index.search(queries.subarray(0, 256 * dimensions), 10, signal));
const found = await stage("batches of 256", count, () => index.search(queries, 10, signal));
await stage("one by one", 200, async () => {
  for (let q = 0; q < 200; q += 1) {
    await index.search(queries.subarray(q * dimensions, (q + 1) * dimensions), 10, signal);
  }
});
const check = found[0]!.slice(0, 3).map(([id]) => Number(id));
console.log(`RESULT ${JSON.stringify({ stages, rows: index.rows, dimensions, threads: Number(threads), check })}`);
