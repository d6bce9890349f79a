import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadSystem, projectAt } from "../config/index.ts";
import { openDataset } from "../dataset/index.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { readRun, readScores, sampleOf, verifyRun } from "../runlog/index.ts";
import { owner } from "../runlog/testing/made-log.ts";
import { buildSystem } from "../system/index.ts";
import { executeRun } from "./execute-run.ts";
import { placeRun } from "./place-run.ts";
import { tinyProject } from "./testing/tiny-project.ts";

const clock = { now: () => Date.UTC(2026, 0, 2), monotonic: () => performance.now() };

/** Runs the tiny suite with the embedded BM25 and reader; aborted after so many results where that is given. */
async function runReal(root: string, abortAfter = Number.POSITIVE_INFINITY) {
  const project = await tinyProject(root);
  const { datasets, cache } = projectAt(root);
  const dataset = await openDataset(join(datasets, "tiny"));
  const control = new AbortController();
  const { signal } = control;
  const system = await buildSystem(await loadSystem(projectAt(root), "made", {}), {
    passages: () => dataset.passages(),
    corpusSha256: (await dataset.fingerprint()).corpusSha256,
    cacheDir: cache,
    env: {},
    signal,
    clock,
  });
  const store = await project.store();
  let seen = 0;
  try {
    const plan = await project.plan();
    const place = await placeRun(project.runs, plan, { resume: true });
    return await executeRun(plan, place, {
      system,
      passages: store,
      clock,
      signal,
      owner: owner(),
      onEvent: (event) => {
        if (event.type === "progress" && ++seen === abortAfter) control.abort();
      },
    });
  } finally {
    await store.close();
    await system.close();
  }
}

async function timeless(dir: string): Promise<string> {
  const log = await readFile(join(dir, "run.jsonl"), "utf8");
  return log.replace(/"timing":\{[^}]*\}/g, "").replace(/"sha256":"[0-9a-f]{64}"\}\n$/, "");
}

describe("the embedded BM25 and reader", () => {
  it("find each river's passage and answer from it", async () => {
    const folder = await tempFolder();
    const { dir, state } = await runReal(folder);
    expect(state).toBe("complete");
    expect(await verifyRun(dir)).toEqual([]);
    const scores = await readScores(dir);
    const ranks = sampleOf(scores, "retrieval", "R@1")!;
    expect([...ranks.values].reduce((a, b) => a + b, 0)).toBe(6.5);
    expect(scores.groups.get("retrieval")!.ms).toHaveLength(9);
    for await (const line of readRun(dir)) {
      if (line.kind === "answer" && line.query === "q1" && line.condition === "oracle") {
        expect(line.text).toContain("837 km");
        expect(line.context).toEqual(["Danube/length"]);
      }
      if (line.kind === "answer" && line.condition === "closed-book") expect(line.refused).toBe(true);
    }
  });

  it("end in the same log when interrupted on the way", async () => {
    const folder = await tempFolder();
    const whole = await runReal(join(folder, "whole"));
    const part = await runReal(join(folder, "part"), 30);
    expect(part.state).toBe("interrupted");
    // What was answered when it was stopped is written all the same.
    expect(part.done).toBeGreaterThanOrEqual(30);
    expect(part.done).toBeLessThan(81);
    const resumed = await runReal(join(folder, "part"));
    expect(resumed).toMatchObject({ state: "complete", done: 81 });
    expect(await timeless(resumed.dir)).toBe(await timeless(whole.dir));
  });
});
