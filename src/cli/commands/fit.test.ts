import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

const SYSTEM = "benchmarks/systems/bm25-reader.yaml";

describe("bench fit", () => {
  it("prints the threshold, what it gains and on which questions, and changes nothing", async () => {
    const project = await starterProject();
    const before = await readFile(join(project, SYSTEM), "utf8");
    const { exitCode, stdout } = await runCli(["fit", "bm25-reader"], project);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^decline_below: 0?\.\d+\nmean F1 0\.\d{3} on 4 questions of eval \(0\.\d{3} without/);
    expect(await readFile(join(project, SYSTEM), "utf8")).toBe(before);
    await expect(readdir(join(project, "runs"))).rejects.toThrow("ENOENT");
  });

  it("writes the number with --write and no other character of the file", async () => {
    const system = [
      "# My reader",
      'title: "Mine"   # quoted',
      "retriever: { kind: bm25 }",
      "generator:",
      "    kind: reader",
      "    decline_below:   0.999  # found by bench fit",
      "    sentences: 1",
      "",
    ].join("\r\n");
    const project = await starterProject({ [SYSTEM]: system });
    const { stdout } = await runCli(["fit", "bm25-reader", "--write"], project);
    const found = /^decline_below: (\S+)$/m.exec(stdout)![1]!;
    expect(stdout).toContain(`written to ${SYSTEM}`);
    expect(Number(found)).not.toBe(0.999);
    expect(await readFile(join(project, SYSTEM), "utf8")).toBe(system.replace("0.999", found));
  });

  it("adds the number where the file has none, and keeps comments and order", async () => {
    const project = await starterProject({
      [SYSTEM]: "# Mine\nretriever: { kind: bm25 } # words\ngenerator: { kind: reader }\n",
    });
    const { stdout } = await runCli(["fit", "bm25-reader", "--write"], project);
    const found = /^decline_below: (\S+)$/m.exec(stdout)![1]!;
    expect(await readFile(join(project, SYSTEM), "utf8")).toBe(
      `# Mine\nretriever: { kind: bm25 } # words\ngenerator: { kind: reader, decline_below: ${found} }\n`,
    );
    expect((await runCli(["explain", "system", "bm25-reader"], project)).exitCode).toBe(0);
  });

  it("refuses the split that the suite tests on", async () => {
    const project = await starterProject();
    const before = await readFile(join(project, SYSTEM), "utf8");
    const { exitCode, stdout, stderr } = await runCli(["fit", "bm25-reader", "--split", "test", "--write"], project);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("--split (E_USAGE)\n  expected a split that the suite does not test on");
    expect(await readFile(join(project, SYSTEM), "utf8")).toBe(before);
  });

  it("refuses a split without questions, a system without a reader, and an unknown system", async () => {
    const project = await starterProject();
    const split = await runCli(["fit", "bm25-reader", "--split", "dev"], project);
    expect(split.exitCode).toBe(3);
    expect(split.stderr).toContain("(E_DATASET_SPLIT)");
    const other = await runCli(["fit", "my-endpoint"], project, { env: { MY_URL: "http://127.0.0.1:1/v1" } });
    expect(other.exitCode).toBe(3);
    expect(other.stderr).toContain("reader");
    const unknown = await runCli(["fit", "bm25-raeder"], project);
    expect(unknown.exitCode).toBe(3);
    expect(unknown.stderr).toContain('did you mean "bm25-reader"?');
  });
});
