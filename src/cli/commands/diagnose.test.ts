import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { Diagnosis } from "../../report/index.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

async function ran(files: Readonly<Record<string, string>> = {}, system = "bm25-reader"): Promise<string> {
  const project = await starterProject(files);
  expect((await runCli(["run", "--system", system], project)).exitCode).toBe(0);
  return project;
}

describe("bench diagnose", () => {
  it("says of the newest run where the gold stands and names the questions", async () => {
    const { exitCode, stdout } = await runCli(["diagnose", "example/bm25-reader"], await ran());
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Retrieval diagnosis of example-bm25-reader-[0-9a-f]{8}\n\d questions with gold, /);
    expect(stdout).toMatch(/gold at rank 1 to 3 +\d +1?\.\d{3} \[/);
    expect(stdout).toContain("unjudged on top");
  });

  it("as json has every question's place and the ids behind it", async () => {
    const project = await ran();
    const [run] = await readdir(`${project}/runs`);
    const { stdout } = await runCli(["diagnose", run!, "--format", "json"], project);
    const found = JSON.parse(stdout) as Diagnosis & { queries: string[] };
    expect(found.run).toBe(run);
    expect(found.queries).toHaveLength(9);
    const placed = found.ranks.flatMap(({ questions }) => questions);
    expect(placed.length).toBe(found.n);
    expect(new Set(placed).size).toBe(found.n);
    expect(placed.every((at) => found.queries[at] !== undefined)).toBe(true);
  });

  it("says so of a system that retrieves nothing", async () => {
    const project = await starterProject({
      "benchmarks/systems/replay.yaml": "generator: { kind: replay, file: said.jsonl }\n",
      "benchmarks/systems/said.jsonl": '{"query":"boil-time","condition":"closed-book","text":"four minutes"}\n',
      "benchmarks/example/suite.yaml":
        "dataset: example\nsplit: test\nconditions: [closed-book]\nmetrics: [F1]\nmax_failures: 1\n",
    });
    const made = await runCli(["run", "--system", "replay"], project);
    expect(made.exitCode).toBe(0);
    const { exitCode, stdout, stderr } = await runCli(["diagnose", "example/replay"], project);
    expect(exitCode).toBe(0);
    expect(stdout).toBe("");
    expect(stderr).toContain("its system retrieves nothing");
  });

  it("refuses a run that is not there, with the nearest one", async () => {
    const { exitCode, stderr } = await runCli(["diagnose", "example/bm25-raeder"], await ran());
    expect(exitCode).toBe(3);
    expect(stderr).toContain('did you mean "example/bm25-reader"?');
  });
});
