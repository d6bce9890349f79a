import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SystemFailure } from "../core/errors.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { openRun, readScores, sampleOf, verifyRun } from "../runlog/index.ts";
import { owner } from "../runlog/testing/made-log.ts";
import { executeRun } from "./execute-run.ts";
import { type PlaceOptions, placeRun } from "./place-run.ts";
import { type MadeOptions, madeSystem, steppingClock } from "./testing/made-system.ts";
import { type TinyProject, tinyProject } from "./testing/tiny-project.ts";

/** Runs the tiny suite on a system that fails as `before` says. */
async function run(
  project: TinyProject,
  before: MadeOptions["before"],
  options: PlaceOptions = {},
  signal?: AbortSignal,
) {
  const plan = await project.plan();
  const place = await placeRun(project.runs, plan, options);
  const system = madeSystem(before && { before });
  const store = await project.store();
  try {
    const result = await executeRun(plan, place, {
      system: { ...system, concurrency: 3 },
      passages: store,
      clock: steppingClock(),
      signal: signal ?? new AbortController().signal,
      owner: owner(),
      sleep: async () => undefined,
    });
    return { place, result, asked: system.asked };
  } finally {
    await store.close();
  }
}

const refuse = (): never => {
  throw new SystemFailure("E_ENDPOINT_STATUS", "400", { retryable: false });
};
/** One answer under one condition, and the retrieval of another question. */
const failing: MadeOptions["before"] = (what, query, request) => {
  if (what === "search" && query.id === "q2") refuse();
  if (what === "answer" && query.id === "q0" && request!.condition === "oracle" && request!.trial === 1) refuse();
};

const lines = async (dir: string): Promise<string[]> => (await readFile(join(dir, "run.jsonl"), "utf8")).split("\n");

describe("asking again what failed", () => {
  it("makes a new run that names the old one, asks the failures alone and carries all else over as it stands", async () => {
    const folder = await tempFolder();
    const project = await tinyProject(folder);
    const first = await run(project, failing);
    expect(first.result.counts).toEqual({ retrievals: 8, answers: 67, failures: 6 });
    const before = await lines(first.place.dir);

    const second = await run(project, undefined, { retryFailed: true });
    expect(second.place).toMatchObject({ run: `${first.place.run}-2`, retryOf: first.place.dir });
    expect(second.asked.search).toEqual(["q2"]);
    expect(second.asked.answer.map((a) => [a.query.id, a.condition, a.trial]).sort()).toEqual([
      ["q0", "oracle", 1],
      ["q2", "rag@1", 0],
      ["q2", "rag@1", 1],
      ["q2", "rag@3", 0],
      ["q2", "rag@3", 1],
    ]);
    expect(second.result).toMatchObject({ state: "complete", counts: { retrievals: 9, answers: 72, failures: 0 } });
    expect(await verifyRun(second.place.dir)).toEqual([]);

    const after = await lines(second.place.dir);
    const kept = before.filter((line) => /^{"kind":"(retrieval|answer)"/.test(line));
    expect(after.filter((line) => kept.includes(line))).toEqual(kept);
    // The finished run is as it was.
    expect(await lines(first.place.dir)).toEqual(before);
    expect(await verifyRun(first.place.dir)).toEqual([]);

    const { manifest } = await openRun(second.place.dir);
    const { end } = await openRun(first.place.dir);
    expect(manifest.retried).toEqual({
      run: first.place.run,
      sha256: end!.sha256,
      results: [
        ["q0", "oracle", 1],
        ["q2", "retrieval", 0],
        ["q2", "rag@1", 0],
        ["q2", "rag@1", 1],
        ["q2", "rag@3", 0],
        ["q2", "rag@3", 1],
      ],
    });
    expect(sampleOf(await readScores(second.place.dir), "rag@1", "EM")).toMatchObject({ failed: 0, unscored: 0 });
  });

  it("goes on where it was interrupted and asks nothing twice", async () => {
    const folder = await tempFolder();
    const project = await tinyProject(folder);
    await run(project, failing);
    const control = new AbortController();
    const stop: MadeOptions["before"] = (what) => {
      if (what === "answer") control.abort();
    };
    const second = await run(project, stop, { retryFailed: true }, control.signal);
    expect(second.result.state).toBe("interrupted");
    await expect(run(project, undefined, { retryFailed: true })).rejects.toMatchObject({ code: "E_RUN_INTERRUPTED" });
    const third = await run(project, undefined, { retryFailed: true, resume: true });
    expect(third.place.run).toBe(second.place.run);
    expect(third.result).toMatchObject({ state: "complete", counts: { failures: 0 } });
    expect(second.result.done + third.asked.search.length + third.asked.answer.length).toBe(81);
    expect(await verifyRun(third.place.dir)).toEqual([]);
  });

  it("uses a run without failures again, and says where there is none to repeat", async () => {
    const folder = await tempFolder();
    const project = await tinyProject(folder);
    const plan = await project.plan();
    const nothing = { code: "E_RUN_NONE", exitCode: 2 };
    await expect(placeRun(project.runs, plan, { retryFailed: true })).rejects.toMatchObject(nothing);
    await run(project, undefined);
    expect(await placeRun(project.runs, plan, { retryFailed: true })).toMatchObject({ action: "reuse" });
    const both = placeRun(project.runs, plan, { retryFailed: true, fresh: true });
    await expect(both).rejects.toMatchObject(nothing);
  });

  it("leaves no folder behind when the finished run cannot be read", async () => {
    const folder = await tempFolder();
    const project = await tinyProject(folder);
    const { place } = await run(project, failing);
    const log = join(place.dir, "run.jsonl");
    const text = await readFile(log, "utf8");
    await writeFile(log, text.replace('"kind":"retrieval"', '"kind":"retrieved"'));
    await expect(run(project, undefined, { retryFailed: true })).rejects.toMatchObject({ code: "E_RUN_LINE" });
    expect(await readdir(project.runs)).toEqual([place.run]);
  });
});
