/**
 * Speed and memory of BM25 as a whole process: read and build, save, load, query.
 *
 *   npx tsc -p . --noEmit false --outDir dist/perf && node dist/perf/benchmarks/perf/bm25.js PASSAGES.txt QUERIES.txt [N]
 *
 * One passage or query a line; the first N passages are indexed (default all), words as they are (no stop words, no stemmer),
 * k1 0.9, b 0.4, top 10: the settings of the peers' script. Prints seconds of wall and user CPU time and the peak of the
 * memory at the end of each stage, then a JSON line. User time is the figure to compare on a busy machine.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Passage } from "../../src/core/passage.ts";
import { readLines } from "../../src/lib/jsonl.ts";
import { Bm25Workers } from "../../src/search/bm25-workers.ts";
import { openBm25 } from "../../src/search/index.ts";

const [passageFile, queryFile, limit = "Infinity"] = process.argv.slice(2);
if (passageFile === undefined || queryFile === undefined)
  throw new Error("usage: bm25.js PASSAGES.txt QUERIES.txt [N]");
const wanted = Number(limit);
const queries = readFileSync(queryFile, "utf8").trim().split("\n");
const settings = { k1: 0.9, b: 0.4, stopWords: "none", stemmer: "none", title: false } as const;
const cacheDir = mkdtempSync(join(tmpdir(), "bm25-perf-"));
const stages: Record<string, { wall: number; user: number; peakMb: number }> = {};

async function* passages(): AsyncGenerator<Passage> {
  for await (const line of readLines(passageFile!)) {
    if (line.number > wanted) return;
    if ("text" in line) yield { id: `d${line.number}`, document: "d", text: line.text };
  }
}

async function stage<T>(name: string, work: () => Promise<T> | T): Promise<T> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  const result = await work();
  const wall = (performance.now() - started) / 1000;
  const user = process.cpuUsage(cpu).user / 1e6;
  const peakMb = process.resourceUsage().maxRSS / 1024;
  stages[name] = { wall, user, peakMb };
  console.log(`${name.padEnd(22)} ${wall.toFixed(3)} s wall  ${user.toFixed(3)} s user  peak ${peakMb.toFixed(0)} MB`);
  return result;
}

try {
  const open = () => openBm25({ passages, corpusSha256: "perf", settings, cacheDir });
  const built = await stage("read, build and save", open);
  const search = (index: typeof built) => queries.map((query) => index.search(query, 10));
  await stage("first 1,000 queries", () => search(built));
  const expected = await stage("next 1,000 queries", () => search(built));
  const loaded = await stage("load", open);
  if (JSON.stringify(search(loaded)) !== JSON.stringify(expected)) throw new Error("loaded and built differ");
  for (const threads of [1, 2, 4]) {
    const workers = await Bm25Workers.start(loaded, threads);
    await workers.search(queries, 10);
    const found = await stage(`1,000 in ${threads} threads`, () => workers.search(queries, 10));
    if (JSON.stringify(found) !== JSON.stringify(expected)) throw new Error("threads and index differ");
    await workers.close();
  }
  const { documents, terms, tokens } = built;
  const check = expected[0]?.[0];
  console.log(`RESULT ${JSON.stringify({ stages, documents, terms, tokens, queries: queries.length, check })}`);
} finally {
  rmSync(cacheDir, { recursive: true, force: true });
}
