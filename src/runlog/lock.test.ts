import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { lockName, lockRun, ownerOf } from "./lock.ts";
import { owner } from "./testing/made-log.ts";

describe("lockRun", () => {
  it("lets one process in at a time", async () => {
    const folder = await tempFolder();
    const release = await lockRun(folder, owner(1, [1, 2]));
    await expect(lockRun(folder, owner(2, [1, 2]))).rejects.toMatchObject({
      code: "E_RUN_BUSY",
      problems: [{ got: "the lock of process 1 on here" }],
    });
    await release();
    const next = await lockRun(folder, owner(2, [1, 2]));
    await next();
    expect(await readdir(folder)).toEqual([]);
  });

  it("refuses the same process a second time, and keeps its first lock", async () => {
    const folder = await tempFolder();
    await lockRun(folder, owner(1));
    await expect(lockRun(folder, owner(1))).rejects.toMatchObject({ code: "E_RUN_BUSY" });
    expect(await readdir(folder)).toEqual([lockName(owner(1))]);
  });

  it("removes the lock of a process that is gone", async () => {
    const folder = await tempFolder();
    await lockRun(folder, owner(1));
    await lockRun(folder, owner(2, [2]));
    expect(await readdir(folder)).toEqual([lockName(owner(2))]);
  });

  it("tells a process from an earlier one that bore its number", async () => {
    const folder = await tempFolder();
    await lockRun(folder, { ...owner(7), startedAt: 5 });
    await lockRun(folder, owner(7, [7]));
    expect(await readdir(folder)).toEqual([lockName(owner(7))]);
  });

  it("believes the lock of another host, where it cannot look", async () => {
    const folder = await tempFolder();
    const there = lockName({ ...owner(1), host: "../there.example" });
    await writeFile(join(folder, there), "");
    await expect(lockRun(folder, owner(2))).rejects.toMatchObject({ code: "E_RUN_BUSY" });
    expect(await readdir(folder)).toEqual([there]);
  });

  it("never lets two in, however many come at once", async () => {
    const folder = await tempFolder();
    const pids = Array.from({ length: 12 }, (_, i) => i + 1);
    for (let round = 0; round < 20; round += 1) {
      const tried = await Promise.allSettled(pids.map((pid) => lockRun(folder, owner(pid, pids))));
      const held = tried.filter((t) => t.status === "fulfilled");
      expect(held.length).toBeLessThanOrEqual(1);
      for (const { value } of held) await value();
      expect(await readdir(folder)).toEqual([]);
    }
  });
});

describe("ownerOf", () => {
  it("sees a real process live and die", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    await once(child, "spawn");
    const me = ownerOf(process, "here", performance.timeOrigin);
    expect(me.isAlive(child.pid!)).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(me.isAlive(child.pid!)).toBe(false);
    expect(me).toMatchObject({ pid: process.pid, host: "here" });
  });
});
