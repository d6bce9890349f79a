import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { replayedProject } from "../cli/testing/replayed-project.ts";
import { DataError } from "../core/errors.ts";
import * as matchers from "./vitest-matchers.ts";

expect.extend(matchers);

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BASELINE = join(ROOT, "benchmarks/baselines/handbook/bm25-reader");

describe("this project's committed baseline", () => {
  it("finds the gold of most questions, and passes its own gate", async () => {
    await expect(BASELINE).toScoreAtLeast("R@5", 0.6);
    await expect(BASELINE).toPassGate(BASELINE, { strict: true });
  });
});

describe("matchers over run folders", () => {
  /** The folders of the project's runs, by their system. */
  async function finished(): Promise<(system: string) => string> {
    const folder = join(await replayedProject(), "runs");
    const ids = await readdir(folder);
    return (system) => join(folder, ids.find((id) => id.startsWith(`gated-${system}-`))!);
  }

  const message = (assertion: Promise<unknown>): Promise<string> =>
    assertion.then(
      () => "held",
      (error: Error) => error.message,
    );

  it("toPassGate passes an improvement and fails a regression with the gate's words", async () => {
    const run = await finished();
    await expect(run("good")).toPassGate(run("bad"));
    await expect(run("bad")).not.toPassGate(run("good"));
    expect(await message(expect(run("bad")).toPassGate(run("good")))).toMatch(/^gate: fail\n[\s\S]*worse by more than/);
    expect(await message(expect(run("good")).not.toPassGate(run("bad")))).toMatch(/^expected it not to\ngate: pass/);
  });

  it("toPassGate lets cannot tell pass, unless it is to be strict", async () => {
    const run = await finished();
    await expect(run("mixed")).toPassGate(run("middling"));
    await expect(run("mixed")).not.toPassGate(run("middling"), { strict: true });
  });

  it("toScoreAtLeast asks for the lower bound, or for the mean with point", async () => {
    const run = await finished();
    // Thirty of sixty first, the others second.
    await expect(run("mixed")).toScoreAtLeast("RR", 0.68);
    expect(await message(expect(run("mixed")).toScoreAtLeast("RR", 0.74))).toContain("0.74 lies within the interval");
    await expect(run("mixed")).toScoreAtLeast("RR", 0.74, { point: true });
    expect(await message(expect(run("mixed")).toScoreAtLeast("RR", 0.76, { point: true }))).toContain("below 0.76");
  });

  it("refuse what is no run, is unfinished, was changed, or has no such metric, each with its reason", async () => {
    const run = await finished();
    await expect(expect(7).toPassGate(BASELINE)).rejects.toThrow(/E_MATCHER/);
    await expect(expect(ROOT).toPassGate(BASELINE)).rejects.toThrow(DataError);
    await expect(expect(run("good")).toPassGate(BASELINE)).rejects.toThrow(/E_GATE_DATASET/);
    await expect(expect(run("good")).toScoreAtLeast("RRR", 0.5)).rejects.toThrow(/E_METRIC/);
    await expect(expect(run("good")).toScoreAtLeast("R@1", 0.5)).rejects.toThrow(/E_GATE_METRIC/);
    const log = join(run("bad"), "run.jsonl");
    const text = await readFile(log, "utf8");
    await writeFile(log, text.replace('"value":0.5', '"value":1'));
    await expect(expect(run("bad")).toPassGate(run("good"))).rejects.toThrow(/E_RUN_VERIFY/);
    await writeFile(log, text.split("\n").slice(0, 20).join("\n").concat("\n"));
    await expect(expect(run("bad")).toPassGate(run("good"))).rejects.toThrow(/E_RUN_INTERRUPTED[\s\S]*--resume/);
  });
});
