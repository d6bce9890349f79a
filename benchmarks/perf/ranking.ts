/**
 * Speed of nDCG@10, R@100, AP and RR of a TREC run as a whole process, on the inputs of the peers' script: the run is read as
 * the replay system reads it, the judgements as a dataset's are, both with all their checks.
 *
 *   npx tsc -p . --noEmit false --outDir dist/perf && node dist/perf/benchmarks/perf/ranking.js RUN.trec QRELS.trec
 *
 * Judgements are first rewritten with a header and tabs, as a dataset keeps them; that is not timed. Prints seconds of wall
 * and user CPU time and the peak of the memory, then a JSON line with the means. User time counts the collector's threads.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readJudgements } from "../../src/dataset/dataset.ts";
import { parseMetric, rankIds } from "../../src/metric/index.ts";
import { readRunFile } from "../../src/system/replay/run-file.ts";

const [runFile, qrelsFile] = process.argv.slice(2);
if (runFile === undefined || qrelsFile === undefined) throw new Error("usage: ranking.js RUN.trec QRELS.trec");
const folder = mkdtempSync(join(tmpdir(), "ranking-perf-"));
const tsv = join(folder, "test.tsv");
const stages: Record<string, { wall: number; user: number; peakMb: number }> = {};

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
  const rows = readFileSync(qrelsFile, "utf8").replace(/^(\S+)[ \t]+\S+[ \t]+(\S+)[ \t]+(\S+)$/gm, "$1\t$2\t$3");
  writeFileSync(tsv, `query-id\tcorpus-id\tscore\n${rows}`);
  const run = await stage("read the run", () => readRunFile(runFile, runFile));
  const judged = await stage("read the judgements", () => readJudgements(tsv));
  const metrics = ["nDCG@10", "R@100", "AP", "RR"].map((name) => {
    const parsed = parseMetric(name);
    if (!parsed.ok || parsed.metric.kind !== "ranking") throw new Error(name);
    return parsed.metric;
  });
  const result = await stage("evaluate", () => {
    const sums = metrics.map(() => 0);
    for (const [query, judgements] of judged) {
      const ranked = rankIds(run.ranking(query, Number.POSITIVE_INFINITY) ?? []);
      for (const [at, metric] of metrics.entries()) {
        const outcome = metric.compute(ranked, judgements);
        if (outcome.state === "scored") sums[at]! += outcome.value;
      }
    }
    return Object.fromEntries(metrics.map(({ name }, at) => [name, sums[at]! / judged.size]));
  });
  console.log(`RESULT ${JSON.stringify({ stages, queries: judged.size, result })}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
