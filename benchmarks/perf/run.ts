/**
 * What the engine costs beside the system: a generator that returns at once (or after 50 ms), EM and ROUGE-L, the log written and
 * sealed. The peer is a bare loop over the same rows that writes one JSON line an answer and scores nothing.
 *
 *   npx tsc -p . --noEmit false --outDir dist/perf && node dist/perf/benchmarks/perf/run.js [QUESTIONS...]
 *
 * Each measurement is a process of its own. CPU is user and system time; "a question" is that of n questions less that of 10,000,
 * over the questions between, so that the start of the process is not in it. The wall time of the slow generator is that of the run
 * from making its folder to the sealed and synced log, without the reading of the dataset; of the bare loop, that of the loop. The two
 * take turns, since a busy machine is not always equally busy.
 */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { keepHeapSmall } from "../../src/cli/run/small-heap.ts";
import { loadSuite, loadSystem, projectAt } from "../../src/config/index.ts";
import type { Generator } from "../../src/core/contracts.ts";
import { openDataset, openPassageStore } from "../../src/dataset/index.ts";
import { executeRun, loadQuestions, placeRun, planRun } from "../../src/run/index.ts";
import { ownerOf } from "../../src/runlog/index.ts";

const IN_FLIGHT = 64;
const ROUNDS = 5;
const clock = { now: () => Date.now(), monotonic: () => performance.now() };

interface Row {
  readonly id: string;
  readonly question: string;
  readonly answer: string;
}

/** Short factual questions, as the peers were measured on. */
function* rows(count: number): IterableIterator<Row> {
  for (let i = 0; i < count; i += 1) {
    yield { id: `q${i}`, question: `In which year was bridge number ${i} of the valley built?`, answer: year(i) };
  }
}

function year(question: number): string {
  return `in ${1700 + (question % 300)} by ${question}`;
}

/** Two thirds of the answers are right. */
function reply(question: number): string {
  return question % 3 === 0 ? "I do not remember the year" : year(question);
}

async function engine(root: string, count: number, ms: number): Promise<void> {
  keepHeapSmall();
  const project = projectAt(root);
  const dir = join(project.datasets, "made");
  await mkdir(join(dir, "qrels"), { recursive: true });
  await mkdir(join(project.benchmarks, "made"), { recursive: true });
  await mkdir(project.systems, { recursive: true });
  await writeFile(join(dir, "dataset.yaml"), "id: made\nsplits: [test]\n");
  await writeFile(join(dir, "corpus.jsonl"), "");
  const queries = createWriteStream(join(dir, "queries.jsonl"));
  for (const { id, question, answer } of rows(count)) {
    const line = `${JSON.stringify({ _id: id, text: question, answers: [answer], split: "test" })}\n`;
    if (!queries.write(line)) await once(queries, "drain");
  }
  queries.end();
  await once(queries, "finish");
  const suite = "dataset: made\nconditions: [closed-book]\nmetrics: [EM, ROUGE-L]\n";
  await writeFile(join(project.benchmarks, "made", "suite.yaml"), suite);
  await writeFile(join(project.systems, "made.yaml"), "generator: { kind: reader }\n");

  const loaded = await loadSuite(project, "made");
  const dataset = await openDataset(dir);
  const { sha256, passages } = await dataset.fingerprint();
  const plan = planRun({
    suite: loaded,
    system: await loadSystem(project, "made", {}),
    dataset: { id: dataset.id, sha256, passages },
    questions: await loadQuestions(dataset, loaded.config.split),
    code: { version: "0" },
    machine: { platform: process.platform, arch: process.arch, cpus: 1, node: process.version },
    command: "",
  });
  const place = await placeRun(project.runs, plan, {});
  const generator: Generator = {
    async answer({ query }) {
      const start = performance.now();
      if (ms > 0) await delay(ms);
      return {
        text: reply(Number(query.id.slice(1))),
        finish: "stop",
        timing: { ms: performance.now() - start, source: "measured" },
      };
    },
  };
  const store = await openPassageStore({ dir });
  const started = performance.now();
  await executeRun(plan, place, {
    system: { generator, concurrency: IN_FLIGHT },
    passages: store,
    clock,
    signal: new AbortController().signal,
    owner: ownerOf(process, hostname(), performance.timeOrigin),
  });
  report(started);
  await store.close();
}

async function bare(root: string, count: number, ms: number): Promise<void> {
  const out = createWriteStream(join(root, "bare.jsonl"));
  const source = rows(count);
  let index = 0;
  const started = performance.now();
  const worker = async (): Promise<void> => {
    for (let next = source.next(); !next.done; next = source.next()) {
      const text = reply(index++);
      if (ms > 0) await delay(ms);
      if (!out.write(`${JSON.stringify({ id: next.value.id, text })}\n`)) await once(out, "drain");
    }
  };
  // Workers wait on the one stream.
  out.setMaxListeners(0);
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  out.end();
  await once(out, "finish");
  report(started);
}

interface Cost {
  /** Seconds. */
  readonly cpu: number;
  readonly wall: number;
  /** MiB. */
  readonly peak: number;
}

function report(started: number): void {
  const { user, system } = process.cpuUsage();
  const cost: Cost = {
    cpu: (user + system) / 1e6,
    wall: (performance.now() - started) / 1000,
    peak: process.resourceUsage().maxRSS / 1024,
  };
  console.log(JSON.stringify(cost));
}

async function measure(what: "engine" | "bare", count: number, ms: number): Promise<Cost> {
  const root = await mkdtemp(join(tmpdir(), "plumbline-perf-"));
  try {
    const program = fileURLToPath(import.meta.url);
    const said = execFileSync(process.execPath, [program, what, root, String(count), String(ms)], { encoding: "utf8" });
    return JSON.parse(said) as Cost;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function table(counts: readonly number[]): Promise<void> {
  for (const what of ["bare", "engine"] as const) {
    const base = await measure(what, 10_000, 0);
    console.log(`${what}, at once, 10,000: ${base.cpu.toFixed(2)} s CPU, ${base.peak.toFixed(0)} MB`);
    for (const count of counts) {
      const { cpu, peak } = await measure(what, count, 0);
      const each = ((cpu - base.cpu) / (count - 10_000)) * 1000;
      console.log(
        `${what}, at once, ${count.toLocaleString("en")}: ${cpu.toFixed(2)} s CPU, ${each.toFixed(3)} ms a question beyond 10,000, ${peak.toFixed(0)} MB`,
      );
    }
  }
  const walls = { bare: [] as number[], engine: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const what of ["bare", "engine"] as const) walls[what].push((await measure(what, 10_000, 50)).wall);
  }
  const ideal = (10_000 / IN_FLIGHT) * 0.05;
  for (const what of ["bare", "engine"] as const) {
    const sorted = walls[what].sort((a, b) => a - b);
    const share = (wall: number): string => `${((ideal / wall) * 100).toFixed(1)} %`;
    const median = sorted[ROUNDS >> 1]!;
    console.log(
      `${what}, 50 ms, 10,000, ${IN_FLIGHT} in flight: ${median.toFixed(2)} s, ${share(median)} of the ideal ${ideal.toFixed(2)} s (best ${share(sorted[0]!)}, of ${ROUNDS})`,
    );
  }
}

const [what, root = "", count = "", ms = ""] = process.argv.slice(2);
if (what === "engine") await engine(root, Number(count), Number(ms));
else if (what === "bare") await bare(root, Number(count), Number(ms));
else {
  const counts = process.argv.slice(2).map(Number);
  await table(counts.length > 0 ? counts : [20_000, 200_000]);
}
