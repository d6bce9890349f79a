import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { Clock, Retriever } from "../../core/contracts.ts";
import { SystemFailure } from "../../core/errors.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { openRun, readLatency, runFolder, type TimingLine, verifyRun } from "../../runlog/index.ts";
import { owner } from "../../runlog/testing/made-log.ts";
import { executeRun } from "../execute-run.ts";
import { placeRun } from "../place-run.ts";
import { madeSystem, steppingClock } from "../testing/made-system.ts";
import { tinyProject } from "../testing/tiny-project.ts";
import { type LatencyDeps, measureLatency } from "./measure-latency.ts";

const MACHINE = { platform: "linux", arch: "x64", cpus: 2, node: "v20.19.0" };
const ELSEWHERE = { unavailable: "not put into threads: an endpoint searches (http)" };
/** Nine questions, in the order of the dataset. */
const IDS = ["q0", "q1", "q2", "q3", "q4", "q5", "__proto__", "../../x", "none"];

/** A clock on which only searching takes time. */
function workClock() {
  let ms = 0;
  const clock: Clock = { now: () => Date.UTC(2026, 0, 2), monotonic: () => ms };
  return { clock, work: (by: number) => (ms += by) };
}

/** A finished run of the tiny suite, and the retriever that made it. */
async function finished(root: string) {
  const project = await tinyProject(root);
  const plan = await project.plan();
  const place = await placeRun(project.runs, plan, {});
  const store = await project.store();
  const system = madeSystem();
  const common = { clock: steppingClock(), signal: new AbortController().signal, owner: owner() };
  await executeRun(plan, place, { system: { ...system, concurrency: 2 }, passages: store, ...common });
  await store.close();
  return { dir: place.dir, retriever: system.retriever };
}

async function pass(
  root: string,
  of: (made: Retriever, work: (ms: number) => void) => Retriever,
  deps: Partial<LatencyDeps> = {},
  options = { warmup: 4, batch: 4 },
) {
  const { dir, retriever } = await finished(root);
  const { clock, work } = workClock();
  const before = await readFile(runFolder(dir).log);
  await measureLatency(dir, options, {
    retriever: of(retriever, work),
    threads: ELSEWHERE,
    clock,
    signal: new AbortController().signal,
    owner: owner(),
    code: { version: "0.1.0" },
    machine: MACHINE,
    ...deps,
  });
  expect(await readFile(runFolder(dir).log)).toEqual(before);
  expect(await verifyRun(dir)).toEqual([]);
  const lines = (await readFile(runFolder(dir).latency, "utf8"))
    .trimEnd()
    .split("\n")
    .map((l) => JSON.parse(l));
  return { dir, lines, pass: (await readLatency(await openRun(dir)))! };
}

describe("measureLatency", () => {
  it("warms up, asks each question once and alone in the dataset's order, then in batches", async () => {
    const folder = await tempFolder();
    const asked: string[][] = [];
    let now = 0;
    const { lines, pass: read } = await pass(folder, (made, work) => ({
      async search(queries, k, signal) {
        now += 1;
        expect(now).toBe(1);
        asked.push(queries.map((q) => q.id));
        work(queries.length === 1 ? 7 : 40);
        const rankings = await Promise.all(queries.map(async (q) => (await made.search([q], k, signal))[0]!));
        now -= 1;
        return rankings;
      },
    }));
    expect(asked.slice(0, 13).flat()).toEqual([...IDS.slice(0, 4), ...IDS]);
    // Compared once, then four to warm up, then rounds of at least 250 ms at 40 ms a batch of four: seven batches each.
    expect(asked.slice(13, 16)).toEqual([IDS.slice(0, 4), IDS.slice(4, 8), IDS.slice(8)]);
    expect(asked.slice(16).every((batch) => batch.length === 4)).toBe(true);
    expect(read.throughput[0]).toEqual({
      kind: "throughput",
      workers: 0,
      source: "measured",
      rounds: Array.from({ length: 5 }, () => [28, 280]),
      compared: 9,
      different: 0,
    });
    expect(lines.filter((l) => l.kind === "timing").map((l: TimingLine) => [l.query, l.ms, l.same])).toEqual(
      IDS.map((id) => [id, 7, true]),
    );
    expect(read.head).toMatchObject({ warmup: 4, batch: 4, k: 5, queries: 9, machine: MACHINE });
    expect(read.stages.size).toBe(0);
  });

  it("keeps stages apart, and cached searches out of every duration", async () => {
    const folder = await tempFolder();
    const { pass: read } = await pass(folder, (made, work) => ({
      search: () => Promise.reject(new Error("the timed search is there")),
      async searchTimed(queries, k, signal) {
        work(3 + queries.length);
        const rankings = await Promise.all(queries.map(async (q) => (await made.search([q], k, signal))[0]!));
        const stages = [["encode", 2] as const, ["search", 1.5] as const];
        return { rankings, stages, source: queries[0]!.id === "q1" ? "cached" : "measured" };
      },
    }));
    expect([...read.ms]).toEqual(Array(8).fill(4));
    expect(read.notMeasured).toBe(1);
    expect([...read.stages.keys()]).toEqual(["encode", "search"]);
    expect([...read.stages.get("encode")!]).toEqual(Array(8).fill(2));
    // One cached batch among measured ones makes a throughput that is not measured.
    expect(read.throughput[0]).toMatchObject({ source: "cached" });
  });

  it("records a failing question once, asks it no second time, and says why there is no throughput", async () => {
    const folder = await tempFolder();
    let fails = 0;
    const { lines, pass: read } = await pass(folder, (made, work) => ({
      async search(queries, k, signal) {
        work(100);
        if (queries.some((q) => q.id === "q5")) {
          fails += 1;
          throw new SystemFailure("E_ENDPOINT_TIMEOUT", "no reply", { retryable: true });
        }
        return Promise.all(queries.map(async (q) => (await made.search([q], k, signal))[0]!));
      },
    }));
    expect(lines.filter((l) => l.kind === "failure")).toEqual([
      { kind: "failure", query: "q5", code: "E_ENDPOINT_TIMEOUT", message: "no reply" },
    ]);
    expect(fails).toBe(2);
    expect(read.ms).toHaveLength(8);
    expect(read.throughput[0]).toEqual({
      kind: "no-throughput",
      workers: 0,
      reason: "E_ENDPOINT_TIMEOUT: no reply",
    });
  });

  it("counts rankings that are not those of the log", async () => {
    const folder = await tempFolder();
    const { pass: read } = await pass(folder, (made, work) => ({
      async search(queries, k, signal) {
        work(100);
        const rankings = await Promise.all(queries.map(async (q) => (await made.search([q], k, signal))[0]!));
        return rankings.map((ranking, i) => (queries[i]!.id === "q2" ? ranking.slice(1) : ranking));
      },
    }));
    expect(read).toMatchObject({ compared: 9, different: 1 });
    expect(read.throughput[0]).toMatchObject({ compared: 9, different: 1 });
  });

  it("records a reply outside of the contract as a failure", async () => {
    const folder = await tempFolder();
    const { pass: read, lines } = await pass(folder, (_, work) => ({
      async search() {
        work(100);
        return [[["p", Number.NaN]]];
      },
    }));
    expect(read).toMatchObject({ failures: 9, ms: new Float64Array() });
    expect(lines[1]).toMatchObject({ kind: "failure", code: "E_SYSTEM_REPLY" });
  });

  it("measures 1, 2 and 4 threads, each of them closed, and says why there are none", async () => {
    const folder = await tempFolder();
    const started: number[] = [];
    let closed = 0;
    let made: Retriever | undefined;
    const clock = steppingClock();
    const { pass: read } = await pass(
      folder,
      (retriever) => {
        made = retriever;
        return retriever;
      },
      {
        clock: { now: clock.now, monotonic: () => 40 * clock.monotonic() },
        threads: async (count) => {
          started.push(count);
          if (count === 4) return { unavailable: "too many" };
          const search = async (queries: Parameters<Retriever["search"]>[0], k: number) => ({
            rankings: await Promise.all(
              queries.map(async (q) => (await made!.search([q], k, new AbortController().signal))[0]!),
            ),
            source: "measured" as const,
          });
          return {
            searches: Array.from({ length: count }, () => search),
            close: async () => {
              closed += 1;
            },
          };
        },
      },
      { warmup: 2, batch: 2 },
    );
    expect(started).toEqual([1, 2, 4]);
    expect(closed).toBe(2);
    expect(read.throughput.map((t) => [t.workers, t.kind])).toEqual([
      // One call of the made system ranks one question: it breaks the contract where it is asked for a batch.
      [0, "no-throughput"],
      [1, "throughput"],
      [2, "throughput"],
      [4, "no-throughput"],
    ]);
    for (const line of read.throughput.slice(1, 3)) expect(line).toMatchObject({ compared: 9, different: 0 });
  });

  it("that is stopped leaves no file and the folder free", async () => {
    const folder = await tempFolder();
    const { dir, retriever } = await finished(folder);
    const stop = new AbortController();
    const deps: LatencyDeps = {
      retriever,
      threads: ELSEWHERE,
      clock: steppingClock(),
      signal: stop.signal,
      owner: owner(),
      code: { version: "0.1.0" },
      machine: MACHINE,
      onProgress: ({ done }) => done === 3 && stop.abort(),
    };
    await expect(measureLatency(dir, { warmup: 1, batch: 1 }, deps)).rejects.toThrow("abort");
    expect(await readLatency(await openRun(dir))).toBeUndefined();
    await measureLatency(dir, { warmup: 0, batch: 1 }, { ...deps, signal: new AbortController().signal });
    expect((await readLatency(await openRun(dir)))!.head.warmup).toBe(0);
  });
});
