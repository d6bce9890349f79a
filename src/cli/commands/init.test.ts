import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

describe("bench init", () => {
  it("makes a suite, systems, a small dataset, a CI workflow and .gitignore, and names each file", async () => {
    const folder = await tempFolder();
    const { exitCode, stdout, stderr } = await runCli(["init"], folder);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const files = await filesOf(folder);
    expect(files).toEqual([
      ".github/workflows/plumbline.yml",
      ".gitignore",
      "benchmarks/example/suite.yaml",
      "benchmarks/systems/bm25-reader.yaml",
      "benchmarks/systems/my-endpoint.yaml",
      "datasets/example/README.md",
      "datasets/example/corpus.jsonl",
      "datasets/example/dataset.yaml",
      "datasets/example/qrels/eval.tsv",
      "datasets/example/qrels/test.tsv",
      "datasets/example/queries.jsonl",
      "prices.yaml",
    ]);
    for (const file of files) expect(stdout).toContain(`  ${file}\n`);
    expect(stdout).toContain("Next: npx bench run --system bm25-reader");
  });

  it("makes a new folder when one is named, and says to go there", async () => {
    const folder = await tempFolder();
    const { exitCode, stdout } = await runCli(["init", "my/evaluation"], folder);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Next: cd my/evaluation && npx bench run");
    expect((await stat(join(folder, "my/evaluation/benchmarks/example/suite.yaml"))).isFile()).toBe(true);
  });

  it("refuses to overwrite, naming every file that is in the way, and writes nothing", async () => {
    const folder = await tempFolder({
      "datasets/example/README.md": "mine\n",
      "benchmarks/example/suite.yaml": "mine\n",
    });
    const { exitCode, stdout, stderr } = await runCli(["init"], folder);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr.match(/^\S+ \(E_INIT_EXISTS\)$/gm)).toEqual([
      "benchmarks/example/suite.yaml (E_INIT_EXISTS)",
      "datasets/example/README.md (E_INIT_EXISTS)",
    ]);
    expect(stderr).toContain("--force");
    expect(await filesOf(folder)).toEqual(["benchmarks/example/suite.yaml", "datasets/example/README.md"]);
  });

  it.each([
    ["mine\nruns/", "mine\nruns/\nnode_modules/\nloads/\nsite/\n.cache/\nbenchmarks/baselines/*/.*\n"],
    [
      "node_modules/\r\nruns/\r\nloads/\r\nsite/\r\n.cache/\r\nbenchmarks/baselines/*/.*\r\n",
      "node_modules/\r\nruns/\r\nloads/\r\nsite/\r\n.cache/\r\nbenchmarks/baselines/*/.*\r\n",
    ],
    ["", "node_modules/\nruns/\nloads/\nsite/\n.cache/\nbenchmarks/baselines/*/.*\n"],
  ])(
    "adds to the .gitignore of a folder under version control, and keeps what it holds: %j",
    async (mine, expected) => {
      const folder = await tempFolder({ ".gitignore": mine });
      expect((await runCli(["init"], folder)).exitCode).toBe(0);
      expect(await readFile(join(folder, ".gitignore"), "utf8")).toBe(expected);
      expect((await runCli(["init", "--force"], folder)).exitCode).toBe(0);
      expect(await readFile(join(folder, ".gitignore"), "utf8")).toBe(expected);
    },
  );

  it("overwrites with --force and leaves other files alone", async () => {
    const folder = await starterProject();
    const suite = join(folder, "benchmarks/example/suite.yaml");
    const made = await readFile(suite, "utf8");
    await writeFile(suite, "mine\n");
    await writeFile(join(folder, "notes.txt"), "mine\n");
    expect((await runCli(["init", "--force"], folder)).exitCode).toBe(0);
    expect(await readFile(suite, "utf8")).toBe(made);
    expect(await readFile(join(folder, "notes.txt"), "utf8")).toBe("mine\n");
  });

  it("makes a project whose dataset is clean and whose suite runs with the command that it names", async () => {
    const folder = await starterProject();
    const check = await runCli(["dataset", "check", "example", "--strict"], folder);
    expect(check).toEqual({ exitCode: 0, stdout: "datasets/example: nothing wrong found\n", stderr: "" });
    const ran = await runCli(["run", "--system", "bm25-reader"], folder);
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).toContain("example test: 9 questions, 8 passages");
  });
});
