import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { lockName } from "../runlog/lock.ts";
import { allLines, manifest, owner, writeRun } from "../runlog/testing/made-log.ts";
import { placeRun } from "./place-run.ts";

const plan = { run: "tiny-made-1", manifest: manifest() };

describe("placeRun", () => {
  it("names a new folder where there is no earlier run", async () => {
    const folder = await tempFolder();
    const dir = join(folder, "runs");
    const expected = { run: "tiny-made-1", dir: join(dir, "tiny-made-1"), action: "create" };
    expect(await placeRun(dir, plan)).toEqual(expected);
    await mkdir(join(dir, "tiny-made-10"), { recursive: true });
    expect(await placeRun(dir, plan, { resume: true })).toEqual(expected);
  });

  it("uses a finished run again, unless a fresh one is wanted", async () => {
    const folder = await tempFolder();
    await writeRun(join(folder, plan.run));
    expect(await placeRun(folder, plan)).toMatchObject({ run: "tiny-made-1", action: "reuse" });
    expect(await placeRun(folder, plan, { resume: true })).toMatchObject({ action: "reuse" });
    expect(await placeRun(folder, plan, { fresh: true })).toMatchObject({
      run: "tiny-made-1-2",
      action: "create",
    });
  });

  it("rids a finished run of the lock of a process killed at its very end, and of no other", async () => {
    const folder = await tempFolder();
    const dir = join(folder, plan.run);
    await writeRun(dir);
    const locks = [lockName(owner(1)), lockName(owner(2))];
    for (const lock of locks) await writeFile(join(dir, lock), "");
    expect(await placeRun(folder, plan, { owner: owner(3, [2, 3]) })).toMatchObject({ action: "reuse" });
    expect((await readdir(dir)).filter((name) => name.endsWith(".lock"))).toEqual([lockName(owner(2))]);
  });

  it("goes on with an interrupted run only when told", async () => {
    const folder = await tempFolder();
    await writeRun(join(folder, plan.run), allLines().slice(3));
    await expect(placeRun(folder, plan)).rejects.toMatchObject({
      code: "E_RUN_INTERRUPTED",
      exitCode: 2,
      problems: [{ fix: expect.stringContaining("--resume") }],
    });
    expect(await placeRun(folder, plan, { resume: true })).toMatchObject({ run: "tiny-made-1", action: "resume" });
    expect(await placeRun(folder, plan, { fresh: true })).toMatchObject({
      run: "tiny-made-1-2",
      action: "create",
    });
  });

  it("refuses to go on where the interrupted run was of another system, dataset or suite, and names what changed", async () => {
    const folder = await tempFolder();
    const dir = join(folder, "tiny-made-0");
    await writeRun(dir, allLines().slice(3), manifest({ run: "tiny-made-0" }));
    const { suite, system } = manifest();
    const changed = { ...plan, manifest: manifest({ system: { ...system, sha256: "1".repeat(64) }, trials: 3 }) };
    await expect(placeRun(folder, changed, { resume: true })).rejects.toMatchObject({
      code: "E_RUN_CHANGED",
      exitCode: 2,
      problems: [{ where: dir, got: "another system, trials" }],
    });
    // Without --resume, for another system or suite, or once a newer run is finished, there is nothing to go on with.
    const create = { action: "create" };
    expect(await placeRun(folder, changed)).toMatchObject(create);
    expect(await placeRun(folder, changed, { resume: true, fresh: true })).toMatchObject(create);
    const other = { ...plan, manifest: manifest({ system: { ...system, id: "another" } }) };
    expect(await placeRun(folder, other, { resume: true })).toMatchObject(create);
    const elsewhere = { ...plan, manifest: manifest({ suite: { ...suite, id: "another" } }) };
    expect(await placeRun(folder, elsewhere, { resume: true })).toMatchObject(create);
    const newer = manifest({ run: "tiny-made-2", startedAt: "2026-02-02T00:00:00.000Z" });
    await writeRun(join(folder, "tiny-made-2"), undefined, newer);
    expect(await placeRun(folder, changed, { resume: true })).toMatchObject(create);
  });

  it("lets the last of several decide, by number", async () => {
    const folder = await tempFolder();
    await writeRun(join(folder, plan.run));
    await writeRun(join(folder, "tiny-made-1-9"));
    await writeRun(join(folder, "tiny-made-1-10"), []);
    await mkdir(join(folder, "tiny-made-1-old"));
    expect(await placeRun(folder, plan, { resume: true })).toMatchObject({
      run: "tiny-made-1-10",
      action: "resume",
    });
    expect(await placeRun(folder, plan, { fresh: true })).toMatchObject({ run: "tiny-made-1-11" });
  });

  it("never goes on with a folder that bears the name by mistake", async () => {
    const folder = await tempFolder();
    const dir = join(folder, plan.run);
    await writeRun(join(folder, "theirs"), [], manifest({ trials: 7, depth: 99 }));
    await cp(join(folder, "theirs"), dir, { recursive: true });
    await expect(placeRun(folder, plan, { resume: true })).rejects.toMatchObject({
      problems: [
        { code: "E_RUN_OTHER", where: `${dir}/run.jsonl:1 /depth`, expected: "4", got: "99" },
        { where: `${dir}/run.jsonl:1 /trials` },
      ],
    });
    const log = await readFile(join(dir, "run.jsonl"), "utf8");
    await writeFile(join(dir, "run.jsonl"), log.replace('"schema":1', '"schema":9'));
    await expect(placeRun(folder, plan)).rejects.toMatchObject({ code: "E_RUN_SCHEMA" });
  });
});
