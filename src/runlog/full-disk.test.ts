import { execFileSync } from "node:child_process";
import { type FileHandle, open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import type { OpenFile } from "./append-file.ts";
import { openRun } from "./open-run.ts";
import { QuestionList } from "./question-list.ts";
import { runFolder } from "./run-folder.ts";
import { allLines, answer, manifest, owner, questions, sealing, writeRun } from "./testing/made-log.ts";
import { verifyRun } from "./verify-run.ts";
import { RunLogWriter } from "./writer.ts";

/**
 * A disk that takes so many bytes more: a write takes what fits, the next one fails, as write(2) does. `sync` makes
 * syncing fail instead, as a broken disk does.
 */
function disk(room: number, broken: "space" | "sync" = "space") {
  const state = { room, broken: true };
  const openFile: OpenFile = async (path, flags) => {
    const file = await open(path, flags);
    return new Proxy(file, {
      get(target, key) {
        if (key === "write" && broken === "space") {
          return async (data: Buffer, from = 0, length = data.length - from, at?: number) => {
            if (state.room === 0 && length > 0) throw Object.assign(new Error("no space"), { code: "ENOSPC" });
            const fits = Math.min(length, state.room);
            state.room -= fits;
            return await target.write(data, from, fits, at);
          };
        }
        if (key === "datasync" && broken === "sync") {
          return async () => {
            throw Object.assign(new Error("i/o error"), { code: "EIO" });
          };
        }
        const value: unknown = Reflect.get(target, key);
        return typeof value === "function" ? value.bind(target) : value;
      },
    }) as FileHandle;
  };
  return { open: openFile, state };
}

const full = { code: "E_RUN_WRITE", exitCode: 3, problems: [{ got: "no space left (ENOSPC)" }] };

describe("a full disk", () => {
  it("stops the run with what to do, and leaves whole lines to go on from", async () => {
    const folder = await tempFolder();
    await writeRun(join(folder, "whole"));
    const expected = await readFile(runFolder(join(folder, "whole")).log, "utf8");
    for (let room = 1700; room < 5000; room += 331) {
      const dir = join(folder, `r${room}`);
      const { open: openFile, state } = disk(room);
      const writer = await RunLogWriter.create(dir, manifest(), QuestionList.of(questions), {
        owner: owner(),
        open: openFile,
      });
      const results = await Promise.allSettled(allLines().map((line) => writer.append(line)));
      const failed = results.filter((r) => r.status === "rejected");
      expect(failed.length).toBeGreaterThan(0);
      for (const { reason } of failed) expect(reason).toMatchObject(full);
      await writer.close();
      const log = await readFile(runFolder(dir).log, "utf8");
      expect(log.endsWith("\n")).toBe(true);
      expect(log.trimEnd().split("\n")).toHaveLength(1 + 15 - failed.length);

      state.room = Number.POSITIVE_INFINITY;
      const resumed = await RunLogWriter.resume(dir, { owner: owner(), open: openFile });
      expect(resumed.done).toBe(15 - failed.length);
      for (const line of allLines().slice(resumed.done)) await resumed.append(line);
      await resumed.seal(sealing);
      expect(await readFile(runFolder(dir).log, "utf8")).toBe(expected);
    }
  });

  it("leaves no half of a run where there is no room to begin one", async () => {
    const folder = await tempFolder();
    for (const room of [0, 100, 400, 900]) {
      const options = { owner: owner(), open: disk(room).open };
      await expect(
        RunLogWriter.create(join(folder, "r"), manifest(), QuestionList.of(questions), options),
      ).rejects.toMatchObject(full);
      expect(await readdir(folder)).toEqual([]);
    }
  });

  it("leaves the results in place where there is no room to complete the log", async () => {
    const folder = await tempFolder();
    const dir = join(folder, "r");
    const { open: openFile, state } = disk(Number.POSITIVE_INFINITY);
    const writer = await RunLogWriter.create(dir, manifest(), QuestionList.of(questions), {
      owner: owner(),
      open: openFile,
    });
    for (const line of allLines()) await writer.append(line);
    for (const room of [0, 100, 1000, 5000]) {
      state.room = room;
      await expect(writer.seal(sealing)).rejects.toMatchObject(full);
      expect((await readdir(dir)).filter((f) => f.endsWith(".new"))).toEqual([]);
      expect((await openRun(dir)).state).toBe("interrupted");
    }
    state.room = Number.POSITIVE_INFINITY;
    await writer.seal(sealing);
    expect(await verifyRun(dir)).toEqual([]);
  });

  it("is told from a disk that cannot keep what it took", async () => {
    const folder = await tempFolder();
    const options = { owner: owner(), open: disk(0, "sync").open };
    const writer = await RunLogWriter.create(join(folder, "r"), manifest(), QuestionList.of(questions), options);
    for (const line of allLines()) await writer.append(line).catch(() => undefined);
    await expect(writer.seal(sealing)).rejects.toMatchObject({ code: "E_RUN_WRITE", problems: [{ got: "EIO" }] });
    await writer.close();
  });
});

/**
 * A file system of 64 KB, by a path that only this process has: it is mounted, held open and unmounted at once, so that nothing of it is left
 * however the test ends. `undefined` where the machine does not let us mount.
 */
async function smallDisk(): Promise<(AsyncDisposable & { readonly path: string }) | undefined> {
  const at = await tempFolder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", at], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  try {
    const held = await open(at);
    return { path: `/proc/self/fd/${held.fd}`, [Symbol.asyncDispose]: () => held.close() };
  } finally {
    execFileSync("umount", ["-l", at]);
  }
}

describe("a real file system of 64 KB", () => {
  it("fills up, and the run goes on when there is room again", async (context) => {
    await using disk = await smallDisk();
    if (disk === undefined) return context.skip("this machine does not let us mount a small file system");
    const dir = join(disk.path, "r");
    const writer = await RunLogWriter.create(dir, manifest(), QuestionList.of(questions), { owner: owner() });
    const big = allLines().map((line) => (line.kind === "answer" ? { ...line, text: "x".repeat(9000) } : line));
    const results = await Promise.allSettled(big.map((line) => writer.append(line)));
    expect(results.at(-1)).toMatchObject({ status: "rejected", reason: full });
    await writer.close();
    const resumed = await RunLogWriter.resume(dir, { owner: owner() });
    expect(resumed.done).toBe(results.filter((r) => r.status === "fulfilled").length);
    expect(resumed.done).toBeGreaterThan(3);
    await expect(
      resumed.append(answer(questions[2]!.id, "rag@2", 0, { text: "y".repeat(30_000) })),
    ).rejects.toMatchObject(full);
    await resumed.close();
    await rm(runFolder(dir).passages, { force: true });
    expect(await verifyRun(dir)).toEqual([]);
  });
});
