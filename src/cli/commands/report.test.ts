import { cp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LOG_SCHEMA } from "../../runlog/schema.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

/** A project with a finished run, a site of it, and a second run whose log is changed. */
async function withChangedRun(change: (log: string) => string) {
  const folder = await starterProject();
  await runCli(["run", "-s", "bm25-reader", "--quiet"], folder);
  const [whole] = await readdir(join(folder, "runs"));
  expect((await runCli(["report"], folder)).exitCode).toBe(0);
  await cp(join(folder, "runs", whole!), join(folder, "runs", "changed"), { recursive: true });
  const log = join(folder, "runs/changed/run.jsonl");
  const text = (await readFile(log, "utf8")).replace(`"run":"${whole}"`, '"run":"changed"');
  await writeFile(log, change(text));
  return { folder, whole: whole!, site: await siteOf(folder) };
}

/** What a site holds: every file with its content. */
async function siteOf(folder: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const path of (await readdir(join(folder, "site"), { recursive: true })).sort()) {
    const at = join(folder, "site", path);
    if ((await stat(at)).isFile()) files[path] = await readFile(at, "utf8");
  }
  return files;
}

const withoutEnd = (log: string) => log.slice(0, log.trimEnd().lastIndexOf("\n") + 1);

describe("bench report of a run that", () => {
  it.each<[string, (log: string) => string, RegExp]>([
    [
      "was cut off",
      (log) => log.slice(0, log.length / 2),
      /E_RUN_INTERRUPTED[\s\S]*the log was cut off[\s\S]*--resume/,
    ],
    ["has no end line", withoutEnd, /E_RUN_INTERRUPTED[\s\S]*without its end line/],
    ["was edited", (log) => log.replace('"value":0', '"value":1'), /run\.jsonl \(E_RUN_VERIFY\)[\s\S]*the SHA-256/],
    [
      "a newer version wrote",
      (log) => log.replace(/"schema":\d+/, `"schema":${LOG_SCHEMA + 1}`),
      new RegExp(`E_RUN_SCHEMA[\\s\\S]*version ${LOG_SCHEMA} or older[\\s\\S]*got version ${LOG_SCHEMA + 1}`),
    ],
    ["has no manifest", (log) => log.slice(log.indexOf("\n") + 1), /E_RUN_MISSING/],
  ])("%s: refused with its reason, and the site that was there stays", async (_, change, reason) => {
    const { folder, whole, site } = await withChangedRun(change);
    const { exitCode, stdout, stderr } = await runCli(["report", whole, "changed"], folder);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toMatch(reason);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(await siteOf(folder)).toEqual(site);
  });

  it("is one of runs/ and was edited is named and left out of the board", async () => {
    const { folder } = await withChangedRun((log) => log.replace('"value":0', '"value":1'));
    const { exitCode, stdout, stderr } = await runCli(["report"], folder);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("changed/run.jsonl (E_RUN_VERIFY)");
    expect(stdout).toContain("Leaderboard of 1 run,");
    expect(Object.keys(await siteOf(folder)).some((path) => path.startsWith("runs/changed/"))).toBe(false);
  });

  it("is one of runs/ and has not ended is shown as interrupted", async () => {
    const { folder } = await withChangedRun(withoutEnd);
    const { exitCode, stderr } = await runCli(["report"], folder);
    expect([exitCode, stderr]).toEqual([
      0,
      "warning: changed was interrupted: it is not ranked and its questions are not shown\n",
    ]);
    expect((await siteOf(folder))["index.html"]).toContain("Interrupted, so shown here and not ranked");
  });
});

it("bench report makes pages of an unchanged run once", async () => {
  const { folder, whole } = await withChangedRun((log) => log.replace('"value":0', '"value":1'));
  const page = join(folder, "site/runs", whole, "index.html");
  const before = await stat(page);
  expect((await runCli(["report", whole], folder)).exitCode).toBe(0);
  expect((await stat(page)).ino).toBe(before.ino);
});
