import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Summary } from "../../report/index.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

const RUN = ["run", "--system", "bm25-reader"];
const LATENCY = [...RUN, "--latency", "--latency-warmup", "3", "--latency-batch", "4"];

async function onlyRun(project: string): Promise<string> {
  const [run, ...more] = await readdir(join(project, "runs"));
  expect(more).toEqual([]);
  return join(project, "runs", run!);
}

describe("bench run --latency", () => {
  it("measures after the answers, prints percentiles and throughput, and keeps them in a file that may not be edited", async () => {
    const project = await starterProject();
    const { exitCode, stdout, stderr } = await runCli(LATENCY, project);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/system +part +n +p50 +p95 +p99\n.* retrieval +9 +\d/);
    expect(stdout).toMatch(/system +batch +in the process +1 thread +2 threads +4 threads\n.* 4 +[\d\u202f.]+\/s \[/);
    expect(stdout).toContain("one question at a time after 3 to warm up");
    expect(stderr).toMatch(/9 rankings, 18 answers; log in .*\n.*: measuring latency\n.*: latency in .*latency\.jsonl/);
    const dir = await onlyRun(project);
    expect((await readdir(dir)).sort()).toEqual(["latency.jsonl", "passages.jsonl", "questions.jsonl", "run.jsonl"]);
    expect((await runCli(["log", "verify", dir], project)).exitCode).toBe(0);

    await runCli(["baseline", "example/bm25-reader"], project);
    expect(await stat(join(project, "benchmarks/baselines/example/bm25-reader/latency.jsonl"))).toBeTruthy();

    const file = join(dir, "latency.jsonl");
    await writeFile(file, (await readFile(file, "utf8")).replace(/"ms":[\d.e-]+/, '"ms":0.001'));
    const edited = await runCli(["show"], project);
    expect(edited.exitCode).toBe(3);
    expect(edited.stderr).toContain("(E_RUN_LATENCY)");
    expect(edited.stderr).toContain("fix: measure again with `bench run --latency`, or remove the file");
  });

  it("measures a run that was finished before, again when asked again, and leaves its log alone", async () => {
    const project = await starterProject();
    await runCli(RUN, project);
    const dir = await onlyRun(project);
    const log = await readFile(join(dir, "run.jsonl"), "utf8");
    const first = await runCli(LATENCY, project);
    expect(first.stderr).toContain("finished before");
    expect(first.stderr).toContain("latency in");
    const before = await readFile(join(dir, "latency.jsonl"), "utf8");
    await runCli(LATENCY, project);
    expect(await readFile(join(dir, "latency.jsonl"), "utf8")).not.toBe(before);
    expect(await readFile(join(dir, "run.jsonl"), "utf8")).toBe(log);
    const shown = await runCli(["show", "--format", "json"], project);
    const [retrieval, answers] = (JSON.parse(shown.stdout) as Summary).suites[0]!.tables[0]!.parts;
    expect(retrieval!.rows[0]!.alone).toMatchObject({ warmup: 3, batch: 4, compared: 9, different: 0 });
    expect(answers!.rows[0]!.alone).toBeUndefined();
  });

  it("says why a replayed ranking has no latency", async () => {
    const suite = "dataset: example\nsplit: test\nmetrics: [R@1]\nmax_failures: 1\n";
    const project = await starterProject({
      "benchmarks/example/suite.yaml": suite,
      "benchmarks/systems/saved.yaml": "retriever: { kind: replay, file: saved.run }\n",
      "benchmarks/systems/saved.run": "boil-time Q0 kettle#boil 1 2 saved\n",
    });
    const { exitCode, stderr, stdout } = await runCli(["run", "--system", "saved", "--latency"], project);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("its rankings are replayed, so they have no latency of their own");
    expect(stdout).not.toContain("Latency of retrieval");
  });

  it("says that a system without a retriever has none to measure", async () => {
    const project = await starterProject({
      "benchmarks/example/suite.yaml":
        "dataset: example\nsplit: test\nconditions: [closed-book]\nmetrics: [F1]\nmax_failures: 1\n",
      "benchmarks/systems/said.yaml": "generator: { kind: replay, file: said.jsonl }\n",
      "benchmarks/systems/said.jsonl": '{"query":"boil-time","condition":"closed-book","text":"four minutes"}\n',
    });
    const { exitCode, stderr } = await runCli(["run", "--system", "said", "--latency"], project);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("no retriever, so no latency to measure");
  });

  it("that is interrupted keeps the run, leaves no half of a pass, and exits with 130", async () => {
    const project = await starterProject();
    await runCli(RUN, project);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 400);
    const { exitCode, stderr } = await runCli([...RUN, "--latency", "--latency-warmup", "1000000"], project, {
      signal: stop.signal,
    });
    expect(exitCode).toBe(130);
    expect(stderr).toContain("latency not measured; the run itself is finished");
    const dir = await onlyRun(project);
    expect((await readdir(dir)).sort()).toEqual(["passages.jsonl", "questions.jsonl", "run.jsonl"]);
  });

  it.each([
    ["--latency-batch", "0"],
    ["--latency-warmup", "-1"],
  ])("refuses %s %s", async (flag, value) => {
    const { exitCode, stderr } = await runCli([...RUN, "--latency", flag, value], await starterProject());
    expect(exitCode).toBe(2);
    expect(stderr).toContain(flag);
  });
});
