import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Summary } from "../../report/index.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

describe("bench show", () => {
  it("says that there are no runs", async () => {
    expect(await runCli(["show"], await starterProject())).toEqual({ exitCode: 0, stdout: "no runs\n", stderr: "" });
  });

  it("prints the table that the run printed, for all runs, by suite/system and by id", async () => {
    const project = await starterProject();
    const ran = await runCli(["run", "-s", "bm25-reader"], project);
    const run = /^(\S+): 9 rankings/m.exec(ran.stderr)![1]!;
    for (const name of [[], ["example/bm25-reader"], [run], [`runs/${run}`]]) {
      expect(await runCli(["show", ...name], project)).toEqual({ exitCode: 0, stdout: ran.stdout, stderr: "" });
    }
  });

  it("prints the tables as JSON", async () => {
    const project = await starterProject();
    await runCli(["run", "-s", "bm25-reader"], project);
    const { stdout } = await runCli(["show", "--format", "json"], project);
    expect((JSON.parse(stdout) as Summary).suites.map((suite) => suite.id)).toEqual(["example"]);
  });

  it("refuses a run that is not there, with the nearest name", async () => {
    const project = await starterProject();
    await runCli(["run", "-s", "bm25-reader"], project);
    const { exitCode, stderr } = await runCli(["show", "example/bm25-raeder"], project);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("(E_RUN_UNKNOWN)");
    expect(stderr).toContain('did you mean "example/bm25-reader"?');
  });

  it("shows the sound runs, names the folder that is none, and exits with 3", async () => {
    const project = await starterProject();
    await runCli(["run", "-s", "bm25-reader"], project);
    await mkdir(join(project, "runs/broken"));
    await writeFile(join(project, "runs/broken/run.jsonl"), '{"kind":"manifest"');
    const { exitCode, stdout, stderr } = await runCli(["show"], project);
    expect(exitCode).toBe(3);
    expect(stdout).toContain("example test: 9 questions");
    expect(stderr).toContain("runs/broken");
  });
});

describe("bench report", () => {
  it("builds the site in site/ and prints its address", async () => {
    const project = await starterProject();
    await runCli(["run", "-s", "bm25-reader"], project);
    const { exitCode, stdout } = await runCli(["report"], project);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Leaderboard of 1 run, \d+ pages:\n {2}file:\/\/\/.*\/site\/index\.html\n$/);
  });

  it("builds the site of the named runs in another folder", async () => {
    const project = await starterProject();
    await runCli(["run", "-s", "bm25-reader"], project);
    await runCli(["run", "-s", "bm25-reader", "--fresh"], project);
    const { exitCode, stdout } = await runCli(["report", "example/bm25-reader", "--out", "else/where"], project);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Leaderboard of 1 run");
    expect(stdout).toContain("/else/where/index.html");
  });

  it("says how to start a run when there is none, and builds nothing", async () => {
    const { exitCode, stdout, stderr } = await runCli(["report"], await starterProject());
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("runs (E_REPORT_EMPTY)");
    expect(stderr).toContain("fix: start one with `bench run`");
  });
});
