import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

const SYSTEM = "benchmarks/systems/mine.yaml";

/** Questions of four documents, each found by a word that stands in its own passage and, more often, in a longer one. */
const DOCUMENTS = ["oak", "elm", "ash", "yew"];
const FILES: Readonly<Record<string, string>> = {
  "datasets/trees/corpus.jsonl": DOCUMENTS.flatMap((tree) => [
    { _id: `${tree}-short`, text: `The ${tree} grows slowly.`, document: tree },
    { _id: `${tree}-long`, text: `${`${tree} `.repeat(4)}${"leaf bark root branch ".repeat(20)}`, document: tree },
  ])
    .map((row) => `${JSON.stringify(row)}\n`)
    .join(""),
  "datasets/trees/queries.jsonl": DOCUMENTS.flatMap((tree) =>
    ["eval", "test"].map(
      (split) => `${JSON.stringify({ _id: `${tree}-${split}`, text: tree, document: tree, split })}\n`,
    ),
  ).join(""),
  ...Object.fromEntries(
    ["eval", "test"].map((split) => [
      `datasets/trees/qrels/${split}.tsv`,
      `query-id\tcorpus-id\tscore\n${DOCUMENTS.map((tree) => `${tree}-${split}\t${tree}-short\t1\n`).join("")}`,
    ]),
  ),
  "benchmarks/trees/suite.yaml": "dataset: trees\nmetrics: [nDCG@10]\n",
  [SYSTEM]: "retriever:\n  kind: bm25\n  k1: 3 # too much of one word\n  b: 0 # length does not matter\n",
};

describe("bench tune", () => {
  it("finds better constants than the file has, says how many it looked at and what they are worth unseen", async () => {
    const project = await starterProject(FILES);
    const { exitCode, stdout } = await runCli(["tune", "mine", "--suite", "trees", "--folds", "4"], project);
    expect(exitCode).toBe(0);
    const [, mean, kept] = /mean nDCG@10 (\S+) on 4 questions of eval \((\S+) as the file says\)/.exec(stdout)!;
    expect(mean).toBe("1.000");
    expect(Number(kept)).toBeCloseTo(1 / Math.log2(3), 3);
    expect(stdout).toContain("the best of 37 settings");
    expect(stdout).toMatch(/^1\.000 on unseen documents \(4 folds\)/m);
    expect(await readFile(join(project, SYSTEM), "utf8")).toBe(FILES[SYSTEM]);
  });

  it("writes the two numbers with --write and no other character", async () => {
    const project = await starterProject(FILES);
    const { stdout } = await runCli(["tune", "mine", "-b", "trees", "--write"], project);
    const [, k1, b] = /^k1: (\S+)\nb: (\S+)$/m.exec(stdout)!;
    const expected = FILES[SYSTEM]!.replace("k1: 3", `k1: ${k1}`).replace("b: 0", `b: ${b}`);
    expect(await readFile(join(project, SYSTEM), "utf8")).toBe(expected);
  });

  it("chooses the weight of a fusion of two", async () => {
    const fusion = [
      "retriever:",
      "  kind: fusion",
      "  weight: 0",
      "  of:",
      "    - { kind: bm25, b: 1, k1: 0.6 }",
      "    - { kind: bm25, b: 0, k1: 3 }",
      "",
    ].join("\n");
    const project = await starterProject({ ...FILES, [SYSTEM]: fusion });
    const { exitCode, stdout } = await runCli(["tune", "mine", "-b", "trees", "--write"], project);
    expect(exitCode).toBe(0);
    const weight = Number(/^weight: (\S+)$/m.exec(stdout)![1]);
    expect(weight).toBeGreaterThan(0);
    expect(await readFile(join(project, SYSTEM), "utf8")).toContain(`weight: ${weight}`);
  });

  it.each([
    ["the split that is tested", ["--split", "test"], 2, "flatters the system"],
    ["an answer metric", ["--metric", "F1"], 2, "a ranking metric"],
    ["an unknown metric", ["--metric", "nDGC@10"], 2, "nDCG"],
    ["one fold", ["--folds", "1"], 2, "--folds"],
    ["a split that is not there", ["--split", "dev"], 3, "E_DATASET_SPLIT"],
  ])("refuses %s", async (_, flags, exitCode, message) => {
    const project = await starterProject(FILES);
    const result = await runCli(["tune", "mine", "-b", "trees", ...flags], project);
    expect(result.exitCode).toBe(exitCode);
    expect(result.stderr).toContain(message);
  });

  it("refuses a system that has nothing to choose", async () => {
    const project = await starterProject({
      ...FILES,
      "benchmarks/systems/mine.run": "",
      [SYSTEM]: "retriever: { kind: replay, file: mine.run }\n",
    });
    const result = await runCli(["tune", "mine", "-b", "trees"], project);
    expect(result).toMatchObject({ exitCode: 3 });
    expect(result.stderr).toContain("kind replay");
  });

  it("chooses without cross-validation where all questions are of one document", async () => {
    const project = await starterProject();
    const { exitCode, stdout } = await runCli(["tune", "bm25-reader"], project);
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain("unseen");
  });
});
