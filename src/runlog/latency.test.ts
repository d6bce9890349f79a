import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DataError } from "../core/errors.ts";
import { sha256 } from "../lib/hash.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import type { LatencyBodyLine } from "./latency-schema.ts";
import { openRun } from "./open-run.ts";
import { readLatency } from "./read-latency.ts";
import { runFolder } from "./run-folder.ts";
import { allLines, manifest, owner, writeRun } from "./testing/made-log.ts";
import { verifyRun } from "./verify-run.ts";
import { type LatencyFacts, writeLatency } from "./write-latency.ts";

const FACTS: LatencyFacts = {
  warmup: 5,
  batch: 2,
  code: { version: "0.1.0" },
  machine: { platform: "linux", arch: "x64", cpus: 2, node: "v20.19.0" },
  startedAt: "2026-01-02T03:04:05.000Z",
};
const LINES: readonly LatencyBodyLine[] = [
  {
    kind: "timing",
    query: "../../x",
    ms: 3,
    stages: [
      ["encode", 2],
      ["__proto__", 1],
    ],
    source: "measured",
    same: true,
  },
  { kind: "timing", query: "__proto__", ms: 0.1, stages: [["encode", 0]], source: "cached", same: false },
  { kind: "failure", query: "q\u001b[31m", code: "E_TIMEOUT", message: "no reply" },
  { kind: "throughput", workers: 0, source: "measured", rounds: [[2, 4]], compared: 0, different: 0 },
  { kind: "no-throughput", workers: 2, reason: "it is an endpoint" },
];
const ENDED = () => "2026-01-02T03:05:05.000Z";

async function made(lines = LINES): Promise<string> {
  const dir = join(await tempFolder(), "r");
  await writeRun(dir);
  await writeLatency(dir, FACTS, each(lines), ENDED, { owner: owner() });
  return dir;
}

const each = (lines: readonly LatencyBodyLine[]) => async (write: (line: LatencyBodyLine) => Promise<void>) => {
  for (const line of lines) await write(line);
};

async function problemsOf(dir: string): Promise<string[]> {
  try {
    await readLatency(await openRun(dir));
    return [];
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return error.problems.map(
      (p) => `${p.code} ${p.where.replace(`${dir}/`, "")}: expected ${p.expected}, got ${p.got}`,
    );
  }
}

describe("a latency pass", () => {
  it("is read back in columns, with cached searches in no duration and stages under any name", async () => {
    const dir = await made();
    const run = await openRun(dir);
    const pass = (await readLatency(run))!;
    expect(pass.head).toEqual({
      kind: "latency",
      schema: 1,
      run: "tiny-made-1",
      log: run.end!.sha256,
      queries: 3,
      k: 4,
      ...FACTS,
    });
    expect([...pass.ms]).toEqual([3]);
    expect([...pass.stages].map(([stage, ms]) => [stage, ...ms])).toEqual([
      ["encode", 2],
      ["__proto__", 1],
    ]);
    expect(pass).toMatchObject({ notMeasured: 1, failures: 1, compared: 2, different: 1 });
    expect(pass.throughput).toEqual(LINES.slice(3));
  });

  it("leaves the sealed log byte for byte as it was, and the folder sound", async () => {
    const dir = join(await tempFolder(), "r");
    await writeRun(dir);
    const before = await readFile(runFolder(dir).log);
    await writeLatency(dir, FACTS, each(LINES), ENDED, { owner: owner() });
    expect(await readFile(runFolder(dir).log)).toEqual(before);
    expect((await readdir(dir)).sort()).toEqual(["latency.jsonl", "passages.jsonl", "questions.jsonl", "run.jsonl"]);
    expect(await verifyRun(dir)).toEqual([]);
  });

  it("is absent where none was made", async () => {
    const dir = join(await tempFolder(), "r");
    await writeRun(dir);
    expect(await readLatency(await openRun(dir))).toBeUndefined();
  });

  it("that stops leaves the earlier pass whole and no other file", async () => {
    const dir = await made();
    const before = await readFile(runFolder(dir).latency);
    const stopped = writeLatency(
      dir,
      FACTS,
      async (write) => {
        await write(LINES[0]!);
        throw new Error("stopped");
      },
      ENDED,
      { owner: owner() },
    );
    await expect(stopped).rejects.toThrow("stopped");
    expect(await readFile(runFolder(dir).latency)).toEqual(before);
    expect(await readdir(dir)).toHaveLength(4);
  });

  it("made again replaces the earlier one", async () => {
    const dir = await made();
    await writeLatency(dir, { ...FACTS, warmup: 9 }, each([]), ENDED, { owner: owner() });
    expect((await readLatency(await openRun(dir)))!.head.warmup).toBe(9);
  });

  it("is refused of an interrupted run, of one being written, and of one that retrieves nothing", async () => {
    const folder = await tempFolder();
    const write = (name: string, as = owner()) =>
      writeLatency(join(folder, name), FACTS, each([]), ENDED, { owner: as });
    await writeRun(join(folder, "part"), allLines().slice(0, 2));
    await expect(write("part")).rejects.toThrow("E_RUN_INTERRUPTED");
    await writeRun(join(folder, "whole"));
    let second: Promise<void> | undefined;
    await writeLatency(
      join(folder, "whole"),
      FACTS,
      async () => {
        second = write("whole", owner(12, [11]));
        await expect(second).rejects.toThrow("E_RUN_BUSY");
      },
      ENDED,
      { owner: owner() },
    );
    const answering = allLines().filter((line) => line.kind === "answer" || "condition" in line);
    await writeRun(join(folder, "answers"), answering, manifest({ depth: 0 }));
    await expect(write("answers")).rejects.toThrow("no retriever");
  });

  type Edit = (lines: string[]) => string[];
  it.each<[string, Edit, RegExp]>([
    [
      "a changed duration",
      (l) => l.map((x) => x.replace('"ms":3', '"ms":1')),
      /^E_RUN_LATENCY latency.jsonl:7: expected the lines as written/,
    ],
    ["a missing end", (l) => l.slice(0, -1), /expected a last line of kind end, got none/],
    [
      "a missing head",
      (l) => l.slice(1),
      /latency.jsonl:1: expected one line of kind latency, the first, got kind timing/,
    ],
    [
      "two heads",
      (l) => [l[0]!, ...l],
      /latency.jsonl:2: expected one line of kind latency, the first, got kind latency/,
    ],
    ["a line after the end", (l) => [...l, l[1]!], /latency.jsonl:8: expected nothing after the end line/],
    [
      "an unknown kind",
      (l) => l.map((x) => x.replace('"kind":"failure"', '"kind":"luck"')),
      /E_RUN_LINE latency.jsonl:4 \/kind/,
    ],
    ["a negative duration", (l) => l.map((x) => x.replace('"ms":3', '"ms":-3')), /E_RUN_LINE latency.jsonl:2 \/ms/],
    ["no JSON", (l) => ["{", ...l.slice(1)], /E_RUN_LINE latency.jsonl:1: expected a line of JSON/],
    [
      "a newer version",
      (l) => l.map((x) => x.replace('"schema":1', '"schema":2')),
      /E_RUN_SCHEMA latency.jsonl:1: expected a pass of version 1/,
    ],
    [
      "the pass of another log",
      (l) => l.map((x) => x.replace(/"log":"[0-9a-f]{64}"/, `"log":"${"a".repeat(64)}"`)),
      /latency.jsonl:1 \/log: expected the SHA-256 of this run's log/,
    ],
  ])("with %s is refused with its place, by readers and by verify", async (_, edit, expected) => {
    const dir = await made();
    const { latency } = runFolder(dir);
    const lines = edit((await readFile(latency, "utf8")).trimEnd().split("\n"));
    await writeFile(latency, `${lines.join("\n")}\n`);
    const problems = await problemsOf(dir);
    expect(problems[0]).toMatch(expected);
    expect(await verifyRun(dir)).toHaveLength(problems.length);
  });

  it("whose counts were changed together with the hash is refused", async () => {
    const dir = await made();
    const { latency } = runFolder(dir);
    const lines = (await readFile(latency, "utf8")).trimEnd().split("\n");
    const kept = lines.filter((_, i) => i !== 1).slice(0, -1);
    const end = { ...JSON.parse(lines.at(-1)!), sha256: sha256(kept.map((line) => `${line}\n`).join("")) };
    await writeFile(latency, `${[...kept, JSON.stringify(end)].join("\n")}\n`);
    expect(await problemsOf(dir)).toEqual([
      'E_RUN_LATENCY latency.jsonl:6: expected counts of 1 and 1, got {"timings":2,"failures":1}',
    ]);
  });
});
