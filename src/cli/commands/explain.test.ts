import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { METRICS } from "../../metric/index.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

describe("bench explain", () => {
  it("prints each value of a suite with its line in the file, or default", async () => {
    const { exitCode, stdout } = await runCli(["explain", "suite", "example"], await starterProject());
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^suite example {2}benchmarks\/example\/suite\.yaml {2}sha256:[0-9a-f]{12}\n/);
    expect(stdout).toMatch(/^dataset +"example" +benchmarks\/example\/suite\.yaml:3$/m);
    expect(stdout).toMatch(/^trials +1 +default$/m);
    expect(stdout).toMatch(/^gate\.nDCG@10\.min_effect +0\.05 +benchmarks\/example\/suite\.yaml:8$/m);
  });

  it("prints a system with the names of variables, never their values", async () => {
    const project = await starterProject({
      "benchmarks/systems/mine.yaml":
        'retriever: { kind: bm25 }\ngenerator: { kind: openai, base_url: "${MY_URL}", api_key_env: MY_KEY, model: m }\n',
    });
    const env = { MY_URL: "https://user:pass@secret.example/v1", MY_KEY: "sk-secret" };
    const { exitCode, stdout } = await runCli(["explain", "system", "mine"], project, { env });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^generator\.base_url +"\$\{MY_URL\}" +benchmarks\/systems\/mine\.yaml:2/m);
    expect(stdout).toContain('"MY_KEY"');
    expect(stdout).not.toMatch(/secret|pass/);
  });

  it("defines a metric, also outside of a project", async () => {
    const { exitCode, stdout } = await runCli(["explain", "metric", "nDCG@10"], await tempFolder());
    expect(exitCode).toBe(0);
    expect(stdout).toContain("nDCG");
    expect(stdout).toContain("trec_eval");
  });

  it.each([
    [["sute", "x"], 2, 'did you mean "suite"?'],
    [["suite", "exampl"], 3, 'did you mean "example"?'],
    [["system", "__proto__"], 3, "(E_SYSTEM_UNKNOWN)"],
    [["metric", "nDGC@10"], 2, "did you mean nDCG?"],
    [["metric", "nDCG@0"], 2, "(E_METRIC)"],
  ])("refuses %j", async (args, code, message) => {
    const { exitCode, stdout, stderr } = await runCli(["explain", ...args], await starterProject());
    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: "" });
    expect(stderr).toContain(message);
  });
});

describe("bench metrics", () => {
  it("lists every metric on a line of its own, outside of a project as well", async () => {
    const { exitCode, stdout } = await runCli(["metrics"], await tempFolder());
    expect(exitCode).toBe(0);
    const listed = stdout
      .split("\n")
      .slice(1, METRICS.length + 1)
      .map((line) => line.split(" ")[0]);
    expect(listed).toEqual(METRICS.map((metric) => metric.name));
  });

  it("defines the metrics named, each once", async () => {
    const { stdout } = await runCli(["metrics", "nDCG@10", "P(rel=2)@3", "nDCG@5"], await tempFolder());
    expect(stdout.match(/^#+ .*$/gm)).toHaveLength(2);
  });

  it("lists them as JSON", async () => {
    const { stdout } = await runCli(["metrics", "--format", "json"], await tempFolder());
    expect((JSON.parse(stdout) as { name: string }[]).map((m) => m.name)).toEqual(METRICS.map((m) => m.name));
  });

  it("names every metric that is wrong", async () => {
    const { exitCode, stderr } = await runCli(["metrics", "nDGC", "F1", "P@x"], await tempFolder());
    expect(exitCode).toBe(2);
    expect(stderr.match(/^(\S+) \(E_METRIC\)$/gm)).toEqual(["nDGC (E_METRIC)", "P@x (E_METRIC)"]);
  });
});
