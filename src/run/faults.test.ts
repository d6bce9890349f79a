import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadSuite, loadSystem, projectAt } from "../config/index.ts";
import { seeded } from "../core/rng.ts";
import { openDataset, openPassageStore } from "../dataset/index.ts";
import { sleepFor } from "../lib/retry.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { readRun, verifyRun } from "../runlog/index.ts";
import { owner } from "../runlog/testing/made-log.ts";
import { buildSystem } from "../system/index.ts";
import { completion, faultServer, hangUp, json, type Reply, raw, silent } from "../system/testing/fault-server.ts";
import { executeRun } from "./execute-run.ts";
import { loadQuestions } from "./load-questions.ts";
import { placeRun } from "./place-run.ts";
import { planRun } from "./plan-run.ts";

const QUESTIONS = 2000;
const ATTEMPTS = 4;
/** Time goes by faster than the machine's, so that a minute's budget is waited for in three seconds. */
const FASTER = 20;
/** Not so fast that a busy machine takes a minute of it for what it does. */
const A_LITTLE_FASTER = 5;
const RPM = 1500;

/** One in twenty requests goes wrong, in one of these ways. */
const FAULTS: readonly (readonly [name: string, reply: Reply])[] = [
  ["429", json({ error: { message: "slow down" } }, 429, { "retry-after": "1" })],
  ["500", json({ error: { message: "broken" } }, 500)],
  ["reset", hangUp],
  ["stall", silent],
  ["half JSON", raw('{"choices":[{"message":{"con', { "content-type": "application/json" })],
  ["wrong type", raw("<html>busy</html>", { "content-type": "text/html" })],
  ["huge", huge],
  [
    "not UTF-8",
    (response) =>
      void response
        .writeHead(200, { "content-type": "application/json" })
        .end(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22])),
  ],
];

/** 100 MB, as far as it is read. */
function huge(response: Parameters<Reply>[0]): void {
  response.writeHead(200, { "content-type": "application/json" });
  const piece = Buffer.alloc(1 << 20, 0x20);
  let left = 100;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= 1;
      if (!response.write(piece)) {
        response.once("drain", more);
        return;
      }
    }
    if (!response.destroyed) response.end();
  };
  more();
}

function questionOf(body: Record<string, unknown>): number {
  return Number(/number (\d+)\?/.exec(JSON.stringify(body))![1]);
}

async function project(root: string, url: string) {
  const paths = projectAt(root);
  const dir = join(paths.datasets, "many");
  for (const folder of [join(dir, "qrels"), join(paths.benchmarks, "many"), paths.systems]) {
    await mkdir(folder, { recursive: true });
  }
  const rows = Array.from({ length: QUESTIONS }, (_, i) => ({
    _id: `q${i}`,
    text: `What is number ${i}?`,
    answers: [`it is ${i}`],
    split: "test",
  }));
  await writeFile(join(dir, "dataset.yaml"), "id: many\nsplits: [test]\n");
  await writeFile(join(dir, "corpus.jsonl"), "");
  await writeFile(join(dir, "queries.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const suite = "dataset: many\nconditions: [closed-book]\nmetrics: [EM]\n";
  await writeFile(join(paths.benchmarks, "many", "suite.yaml"), suite);
  const system = [
    "generator:",
    "  kind: openai",
    `  base_url: ${url}`,
    "  model: m",
    "  stream: false",
    "  timeout_s: 4",
    `  max_attempts: ${ATTEMPTS}`,
    "  concurrency: 32",
    `  rate: { rpm: ${RPM} }`,
  ].join("\n");
  await writeFile(join(paths.systems, "faulty.yaml"), `${system}\n`);
  return { paths, dir };
}

/** Runs the suite on the server, or goes on with it. */
async function carryOut(root: string, url: string, faster: number) {
  const now = (): number => performance.now() * faster;
  const { paths, dir } = await project(root, url);
  const suite = await loadSuite(paths, "many");
  const system = await loadSystem(paths, "faulty", {});
  const dataset = await openDataset(dir);
  const { sha256, corpusSha256 } = await dataset.fingerprint();
  const plan = planRun({
    suite,
    system,
    dataset: { id: "many", sha256, passages: 0 },
    questions: await loadQuestions(dataset, "test"),
    code: { version: "0" },
    machine: { platform: "", arch: "", cpus: 1, node: "" },
    command: "",
  });
  const clock = { now, monotonic: now };
  const signal = new AbortController().signal;
  const sleep = (ms: number, own: AbortSignal): Promise<void> => sleepFor(ms / faster, own);
  const built = await buildSystem(system, {
    passages: () => dataset.passages(),
    corpusSha256,
    cacheDir: paths.cache,
    env: {},
    signal,
    clock,
    sleep,
  });
  const place = await placeRun(paths.runs, plan, { resume: true });
  const passages = await openPassageStore({ dir });
  try {
    const result = await executeRun(plan, place, { system: built, passages, clock, signal, owner: owner(), sleep });
    return { result, dir: place.dir };
  } finally {
    await passages.close();
    await built.close();
  }
}

describe("a server of which one reply in twenty is wrong", { timeout: 120_000 }, () => {
  it("gives each of 2,000 questions one result, an answer of its own or a failure with its reason, within the budget", async () => {
    const folder = await tempFolder();
    const rng = seeded("faults");
    const requests = new Map<number, number>();
    const times: number[] = [];
    const seen = new Map<string, number>();
    await using server = await faultServer((response, request) => {
      if (request.method === "GET") return json({ data: [{ id: "m" }] })(response, request);
      const question = questionOf(request.body);
      requests.set(question, (requests.get(question) ?? 0) + 1);
      times.push(performance.now() * FASTER);
      if (rng.float() >= 0.05) return completion(`it is ${question}`)(response, request);
      const [name, reply] = FAULTS[rng.below(FAULTS.length)]!;
      seen.set(name, (seen.get(name) ?? 0) + 1);
      return reply(response, request);
    });
    const { result, dir } = await carryOut(folder, server.url, FASTER);

    expect(result).toMatchObject({ state: "complete", done: QUESTIONS });
    expect(await verifyRun(dir)).toEqual([]);
    const results = new Map<string, string>();
    const codes = new Set<string>();
    for await (const line of readRun(dir)) {
      if (line.kind !== "answer" && line.kind !== "failure") continue;
      expect(results.has(line.query)).toBe(false);
      results.set(line.query, line.kind);
      if (line.kind === "failure") {
        codes.add(line.code);
        expect(line.message).not.toBe("");
      } else expect(line.text).toBe(`it is ${line.query.slice(1)}`);
    }
    expect(results.size).toBe(QUESTIONS);
    // Each kind of fault came, and what asking again helps against cost nobody an answer.
    expect([...seen.keys()].sort()).toEqual(FAULTS.map(([name]) => name).sort());
    expect(result.counts.failures).toBeLessThan(60);
    expect([...codes].sort()).toEqual(["E_ENDPOINT_REPLY"]);
    expect(Math.max(...requests.values())).toBeLessThanOrEqual(ATTEMPTS);
    // No minute holds more than the budget; requests are counted a little later than they were let go.
    const minute = 55_000;
    times.forEach((start, i) => {
      const end = times.findIndex((t) => t >= start + minute);
      expect((end === -1 ? times.length : end) - i).toBeLessThanOrEqual(RPM);
    });
    expect(times.at(-1)! - times[0]!).toBeGreaterThan(minute);
  });
});

describe("a server that goes down in the middle", { timeout: 120_000 }, () => {
  it("ends the run within a minute, records no failure, and the rest is asked when it is there again", async () => {
    const folder = await tempFolder();
    let asked = 0;
    let downAt = 0;
    const server = await faultServer((response, request) => {
      if (request.method === "GET") return json({ data: [{ id: "m" }] })(response, request);
      asked += 1;
      if (asked === 300) {
        downAt = performance.now();
        void server[Symbol.asyncDispose]();
      }
      return completion(`it is ${questionOf(request.body)}`)(response, request);
    });
    const error: unknown = await carryOut(folder, server.url, A_LITTLE_FASTER).catch((e: unknown) => e);
    expect(error).toMatchObject({ exitCode: 4, code: "E_ENDPOINT_DOWN" });
    expect((error as Error).message).toContain("--resume");
    expect((performance.now() - downAt) * A_LITTLE_FASTER).toBeLessThan(60_000);

    const before = asked;
    await using mended = await faultServer((response, request) => {
      if (request.method === "GET") return json({ data: [{ id: "m" }] })(response, request);
      asked += 1;
      return completion(`it is ${questionOf(request.body)}`)(response, request);
    });
    const { result, dir } = await carryOut(folder, mended.url, FASTER);
    expect(result).toMatchObject({ state: "complete", done: QUESTIONS, counts: { failures: 0, answers: QUESTIONS } });
    expect(await verifyRun(dir)).toEqual([]);
    expect(before).toBeLessThanOrEqual(300 + 32);
    expect(asked).toBeLessThanOrEqual(QUESTIONS + 2 * 32);
  });
});
