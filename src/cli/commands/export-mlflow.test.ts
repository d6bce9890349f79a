import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Summary } from "../../report/index.ts";
import { mlflowServer } from "../testing/mlflow-server.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

async function finished() {
  const project = await starterProject();
  const table = await runCli(["run", "-s", "bm25-reader", "--format", "json", "-q"], project);
  const mlflow = (argv: readonly string[], env = {}) => runCli(["export", "mlflow", ...argv], project, { env });
  return { project, mlflow, summary: JSON.parse(table.stdout) as Summary };
}

describe("bench export mlflow", () => {
  it("logs settings, estimates with n and interval, and the run's files; marks the run finished", async () => {
    const { project, mlflow, summary } = await finished();
    await using server = await mlflowServer();
    const { exitCode, stdout, stderr } = await mlflow(["example/bm25-reader", "--tracking-uri", server.url]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/metrics, \d+ params, 3 files, as 0+1 of http:/);
    expect([...server.experiments.keys()]).toEqual(["example"]);
    const run = server.runs[0]!;
    expect(run.status).toBe("FINISHED");
    const rows = summary.suites[0]!.tables[0]!.parts.flatMap((part) => part.rows);
    const row = rows.find(({ condition }) => condition === "rag@3")!;
    const { estimate } = row.cells.find((cell) => cell?.metric === "F1")!;
    if (estimate.state !== "estimated") expect.unreachable("F1 is estimable");
    else {
      expect(run.metrics.get("rag_at_3/F1")).toBe(estimate.mean);
      expect(run.metrics.get("rag_at_3/F1/low")).toBe(estimate.low);
      expect(run.metrics.get("rag_at_3/F1/high")).toBe(estimate.high);
      expect(run.metrics.get("rag_at_3/F1/n")).toBe(estimate.n);
    }
    expect(run.metrics.get("retrieval/nDCG_at_10")).toBeGreaterThan(0.5);
    expect(run.metrics.get("rag_at_1/questions")).toBe(row.questions);
    expect(Object.fromEntries(run.params)).toMatchObject({
      conditions: "rag@1, rag@3",
      "suite.id": "example",
      "system.retriever.kind": "bm25",
      "system.generator.sentences": "1",
    });
    const folder = join(project, "runs", (await readdir(join(project, "runs")))[0]!);
    expect([...run.files.keys()].sort()).toEqual(["passages.jsonl", "questions.jsonl", "run.jsonl"]);
    expect(run.files.get("run.jsonl")).toBe(await readFile(join(folder, "run.jsonl"), "utf8"));
    expect(run.tags.get("plumbline.run")).toBe(run.name);
  });

  it("passes over a run that is there, and makes one anew that was left unfinished", async () => {
    const { mlflow } = await finished();
    await using server = await mlflowServer();
    server.fail("runs/update", 1);
    const env = { MLFLOW_TRACKING_URI: server.url };
    const broken = await mlflow([], env);
    expect(broken.exitCode).toBe(4);
    expect(broken.stderr).toMatch(
      /\(E_MLFLOW\)\n {2}expected success of mlflow\/runs\/update, got 500 INTERNAL_ERROR disk full/,
    );
    expect((await mlflow([], env)).exitCode).toBe(0);
    expect(server.runs.map(({ status, deleted }) => [status, deleted])).toEqual([
      ["RUNNING", true],
      ["FINISHED", false],
    ]);
    expect((await mlflow([], env)).stdout).toContain("there already, as");
    expect(server.runs).toHaveLength(2);
  });

  it("names the experiment as told, sends no files where none are wanted or taken, and says so", async () => {
    const { mlflow } = await finished();
    await using server = await mlflowServer({ artifacts: "s3://bucket/" });
    const said = await mlflow(["--tracking-uri", server.url, "--experiment", "all of it"]);
    expect(said.stdout).toMatch(/no files, as[\s\S]*note: the server keeps files in a store of its own/);
    expect([...server.experiments.keys()]).toEqual(["all of it"]);
    const skipped = await mlflow(["--tracking-uri", server.url, "--skip-files"]);
    expect(skipped.stdout).toContain("0 files");
  });

  it("sends MLflow's own token, or the name and password of the address, and shows neither", async () => {
    const { mlflow } = await finished();
    await using server = await mlflowServer({ token: "t0ken-SECRET" });
    const bare = await mlflow(["--tracking-uri", server.url.replace("//", "//me:pass-SECRET@")]);
    expect(bare.exitCode).toBe(4);
    expect(bare.stderr).toContain("fix: set MLFLOW_TRACKING_TOKEN");
    expect(server.authorizations.at(-1)).toBe(`Basic ${Buffer.from("me:pass-SECRET").toString("base64")}`);
    const good = await mlflow(["--tracking-uri", server.url], { MLFLOW_TRACKING_TOKEN: "t0ken-SECRET" });
    expect(good.exitCode).toBe(0);
    expect(bare.stdout + bare.stderr + good.stdout + good.stderr).not.toContain("SECRET");
  });

  it.each([
    ["no address", [], 2, "--tracking-uri (E_USAGE)"],
    ["an address that is none", ["--tracking-uri", "databricks"], 2, "--tracking-uri (E_USAGE)"],
    ["a server that is not there", ["--tracking-uri", "http://127.0.0.1:9"], 4, "E_MLFLOW"],
    ["a run that is not there", ["nope", "--tracking-uri", "http://127.0.0.1:9"], 3, "E_RUN_UNKNOWN"],
  ])("refuses %s", async (_, argv, exitCode, said) => {
    const { mlflow } = await finished();
    const result = await mlflow(argv);
    expect([result.exitCode, result.stderr]).toEqual([exitCode, expect.stringContaining(said)]);
  });

  it("leaves bench export as it was", async () => {
    const { project } = await finished();
    const help = await runCli(["help", "export", "mlflow"], project);
    expect(help.stdout).toContain("bench export mlflow [options] [runs...]");
    expect((await runCli(["export", "example/bm25-reader", "--as", "csv", "--out", "x.csv"], project)).stdout).toBe(
      "x.csv\n",
    );
    expect((await runCli(["help", "export"], project)).stdout).toContain("--as <form>");
  });
});
