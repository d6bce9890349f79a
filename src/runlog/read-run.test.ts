import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { listRuns } from "./list-runs.ts";
import { openRun } from "./open-run.ts";
import { readPassages, readQuestions, readRun } from "./read-run.ts";
import { runFolder } from "./run-folder.ts";
import { allLines, manifest, questions, writeRun } from "./testing/made-log.ts";

async function all<T>(lines: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

describe("openRun", () => {
  it("tells a complete run from an interrupted one", async () => {
    const folder = await tempFolder();
    await writeRun(join(folder, "whole"));
    await writeRun(join(folder, "part"), allLines().slice(0, 4));
    expect(await openRun(join(folder, "whole"))).toMatchObject({
      state: "complete",
      manifest: manifest(),
      end: { counts: { retrievals: 2, answers: 10, failures: 3 }, endedAt: "2026-01-02T03:05:00.000Z" },
    });
    const part = await openRun(join(folder, "part"));
    expect(part.state).toBe("interrupted");
    expect(part).not.toHaveProperty("end");
  });

  it("refuses a log of a newer version, whatever else is in it", async () => {
    const folder = await tempFolder();
    await writeFile(runFolder(folder).log, '{"kind":"manifest","schema":3,"all":"new"}\n');
    await expect(openRun(folder)).rejects.toMatchObject({
      code: "E_RUN_SCHEMA",
      exitCode: 3,
      problems: [{ expected: "a log of version 2 or older", got: "version 3" }],
    });
  });

  it.each([
    ["no folder", undefined],
    ["a folder without a log", null],
    ["an empty log", ""],
    ["a torn manifest", JSON.stringify(manifest())],
    ["a log that begins with a result", `${JSON.stringify(allLines()[0])}\n`],
  ])("says that %s is no run", async (_, log) => {
    const folder = await tempFolder();
    const dir = join(folder, "r");
    if (log !== undefined) await mkdir(dir);
    if (typeof log === "string") await writeFile(runFolder(dir).log, log);
    await expect(openRun(dir)).rejects.toMatchObject({ code: "E_RUN_MISSING", exitCode: 3 });
  });

  it("names every key of a manifest that is wrong", async () => {
    const folder = await tempFolder();
    const { level: _, ...rest } = { ...manifest(), trials: 0, conditions: "rag@3" };
    await writeFile(runFolder(folder).log, `${JSON.stringify(rest)}\n`);
    const error = await openRun(folder).catch((e) => e);
    expect(error.problems.map((p: { where: string }) => p.where.replace(folder, ""))).toEqual([
      "/run.jsonl:1",
      "/run.jsonl:1 /conditions",
      "/run.jsonl:1 /trials",
    ]);
  });
});

describe("readRun", () => {
  it("gives back what was written, in the plan's order", async () => {
    const folder = await tempFolder();
    await writeRun(folder.concat("/r"), allLines().reverse());
    const lines = await all(readRun(folder.concat("/r")));
    expect(lines.slice(0, -1)).toEqual([manifest(), ...allLines()]);
    expect(await all(readQuestions(folder.concat("/r")))).toEqual(questions);
    expect((await all(readPassages(folder.concat("/r")))).map((p) => p.id)).toContain("constructor");
  });

  it("streams the good lines first, then throws all that is wrong with file and line", async () => {
    const folder = await tempFolder();
    const dir = join(folder, "r");
    await writeRun(dir, allLines().slice(0, 2));
    const { log } = runFolder(dir);
    const bad = { ...allLines()[2], trial: -1, outcomes: { EM: { state: "scored", value: "1" }, F1: { state: "?" } } };
    await appendFile(log, `${JSON.stringify(bad)}\nnull\n`);
    await appendFile(log, Buffer.from([0x22, 0xff, 0x22, 0x0a]));
    await appendFile(log, `{"kind":"grade"}\n${JSON.stringify(allLines()[3])}\n{"kind":"ret`);
    const seen: string[] = [];
    const read = async () => {
      for await (const line of readRun(dir)) seen.push(line.kind);
    };
    const error = await read().catch((e) => e);
    expect(seen).toEqual(["manifest", "retrieval", "answer", "answer"]);
    expect(error.exitCode).toBe(3);
    expect(error.problems.map((p: { where: string; got: string }) => [p.where.replace(log, ""), p.got])).toEqual([
      [":4 /trial", "-1"],
      [":4 /outcomes/EM/value", '"1"'],
      [":4 /outcomes/F1/state", '"?"'],
      [":5 /kind", "nothing"],
      [":6", "bytes that are not UTF-8"],
      [":7 /kind", '"grade"'],
    ]);
  });

  it("lists at most fifty problems and counts the rest", async () => {
    const folder = await tempFolder();
    await writeRun(join(folder, "r"), []);
    await appendFile(runFolder(join(folder, "r")).log, "{}\n".repeat(70));
    const error = await all(readRun(join(folder, "r"))).catch((e) => e);
    expect(error.problems).toHaveLength(51);
    expect(error.problems[50].got).toBe("20 more problems after this one");
  });

  it("reads keys that a later version of the same schema may add", async () => {
    const folder = await tempFolder();
    await writeRun(join(folder, "r"), []);
    await appendFile(runFolder(join(folder, "r")).log, `${JSON.stringify({ ...allLines()[0], cost: { usd: 1 } })}\n`);
    expect(await all(readRun(join(folder, "r")))).toHaveLength(2);
  });

  it("says what to do where a file beside the log is missing", async () => {
    const folder = await tempFolder();
    const dir = join(folder, "r");
    await writeRun(dir, []);
    await expect(all(readPassages(dir))).rejects.toMatchObject({ code: "E_RUN_FILE" });
    await rm(runFolder(dir).questions);
    await expect(all(readQuestions(dir))).rejects.toMatchObject({ code: "E_RUN_FILE" });
  });
});

describe("a log of schema 1", () => {
  const fixture = join(import.meta.dirname, "../../fixtures/runs/schema-1");

  it("is read by every later version", async () => {
    const lines = await all(readRun(fixture));
    expect(lines.slice(0, -1)).toEqual([manifest(), ...allLines()]);
    expect((await openRun(fixture)).state).toBe("complete");
  });

  it("is what this version writes, byte for byte", async () => {
    const folder = await tempFolder();
    await writeRun(join(folder, "r"));
    for (const file of ["log", "questions", "passages"] as const) {
      const expected = await readFile(runFolder(fixture)[file], "utf8");
      expect(await readFile(runFolder(join(folder, "r"))[file], "utf8")).toBe(expected);
    }
  });
});

describe("listRuns", () => {
  it("opens all runs of a folder and says which cannot be", async () => {
    const folder = await tempFolder();
    await writeRun(join(folder, "b"), []);
    await writeRun(join(folder, "a"));
    await mkdir(join(folder, ".new-123"));
    await mkdir(join(folder, "notes"));
    await writeFile(join(folder, "README.md"), "");
    const { runs, problems } = await listRuns(folder);
    expect(runs.map((r) => [r.dir.replace(folder, ""), r.state])).toEqual([
      ["/a", "complete"],
      ["/b", "interrupted"],
    ]);
    expect(problems.map((p) => p.where.replace(folder, ""))).toEqual(["/notes"]);
    expect(await listRuns(join(folder, "none"))).toEqual({ runs: [], problems: [] });
  });
});
