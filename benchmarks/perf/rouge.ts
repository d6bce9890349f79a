/**
 * Speed of ROUGE-L, stemmed and not, on two sets of pairs: short answers (3,610) and long ones (300). The peer, `rouge_score`, takes
 * the same pairs: an answer is scored against its first reference.
 *
 *   npx tsc -p . --noEmit false --outDir dist/perf && node dist/perf/benchmarks/perf/rouge.js SHORT.jsonl LONG.jsonl
 *
 * A line of the files is a JSON array [reference, answer]. Prints the median CPU time of a pass over a file, that of the first (cold) one, and the mean F, which must
 * be the peer's.
 */
import { readFileSync } from "node:fs";
import { parseMetric } from "../../src/metric/index.ts";

const PASSES = 15;

for (const file of process.argv.slice(2)) {
  const pairs = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as [string, string]);
  for (const name of ["ROUGE-L", "ROUGE-L(stem=true)"]) {
    const parsed = parseMetric(name);
    if (!parsed.ok || parsed.metric.kind !== "answer") throw new Error(`no answer metric ${name}`);
    const { metric } = parsed;
    const times: number[] = [];
    let sum = 0;
    for (let pass = 0; pass < PASSES; pass += 1) {
      const started = process.cpuUsage();
      sum = 0;
      for (const [reference, answer] of pairs) {
        const outcome = metric.compute({ answer, refused: false, references: [reference], answerable: true });
        if (outcome.state === "scored") sum += outcome.value;
      }
      const { user, system } = process.cpuUsage(started);
      times.push((user + system) / 1000);
    }
    const first = times[0]!;
    const median = times.sort((a, b) => a - b)[PASSES >> 1]!;
    const each = ((median / pairs.length) * 1000).toFixed(1);
    console.log(
      `${file}: ${name}, ${pairs.length} pairs: ${median.toFixed(1)} ms (the first pass ${first.toFixed(0)}), ${each} µs a pair, mean F ${sum / pairs.length}`,
    );
  }
}
