/**
 * Speed of resampling, on n = 1,000 paired scores: 10,000 bootstrap resamples and 100,000 sign assignments.
 *
 *   npx tsc -p . --noEmit false --outDir dist/perf && node dist/perf/benchmarks/perf/stats.js [PAIRS.tsv]
 *
 * PAIRS.tsv holds two scores a line, as the peers' script reads them; without it scores are made up (the time does not
 * depend on them). Prints median and least time in milliseconds: on a
 * busy machine compare the least.
 */
import { readFileSync } from "node:fs";
import { Bench } from "tinybench";
import { seeded } from "../../src/core/rng.ts";
import { estimateMean, pairedBootstrap, pairedRandomization, tInterval } from "../../src/stats/index.ts";

const rng = seeded("perf");
const file = process.argv[2];
const pairs =
  file === undefined
    ? Array.from({ length: 1000 }, () => [rng.float(), rng.float()] as const)
    : readFileSync(file, "utf8")
        .trim()
        .split("\n")
        .map((line) => line.split("\t").map(Number) as [number, number]);
const scores = Float64Array.from(pairs, ([x]) => x);
const differences = Float64Array.from(pairs, ([x, y]) => x - y);
const documents = Float64Array.from(pairs, (_, i) => Math.floor(i / 5));
const sample = { values: scores, failed: 0, unscored: 0 };
const bca = { method: "bootstrap-bca", resamples: 10_000, rng } as const;

const bench = new Bench({ warmupIterations: 3, iterations: 15, time: 0 });
bench
  .add("bootstrap percentile, 10,000 resamples", () => void pairedBootstrap(scores, { resamples: 10_000, rng }))
  .add("bootstrap BCa, 10,000 resamples", () => void estimateMean(sample, bca))
  .add(
    "bootstrap BCa, 10,000 resamples of 200 clusters",
    () => void estimateMean({ ...sample, clusters: documents }, bca),
  )
  .add("randomization, 100,000 draws", () => void pairedRandomization(differences, { draws: 100_000, rng }))
  .add("randomization, exact, 16 differences", () => void pairedRandomization(differences.subarray(0, 16), { rng }))
  .add("Student's t", () => void tInterval(scores, 0.95));
await bench.run();

for (const { name, result } of bench.tasks) {
  if (!("latency" in result)) throw new Error(`${name}: ${result.state}`);
  const [median, least] = [result.latency.p50, result.latency.min].map((ms) => ms.toFixed(2).padStart(8));
  console.log(`${median} ms ${least} ms  ${name}`);
}
