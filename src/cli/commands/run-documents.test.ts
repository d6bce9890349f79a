import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

/** Hugging Face's layout: two pages of several rows each, and one question whose page the knowledge does not have. */
const FILES: Readonly<Record<string, string>> = {
  "hf/knowledge.tsv": [
    ["Kettle", "The kettle boils a litre of water in four minutes."],
    ["Kettle", "The kettle switches itself off when the water boils."],
    ["Lease", "The tenant signs the lease before the keys are handed over."],
    ["Roses", "Roses are pruned in March."],
    ["Tulips", "Tulips are planted in October."],
  ]
    .map((row) => `${row.join("\t")}\n`)
    .join(""),
  "hf/questions.txt": "When does the kettle boil water?\nWho signs the lease?\nAre tulips planted or pruned?\n",
  "hf/pages.tsv": "Kettle\nLease\tMoving\nRoses\n",
  "benchmarks/wiki/suite.yaml":
    "dataset: wiki\nconditions: [rag@2]\nmetrics: [P(gold=document)@1, P(gold=document)@2, R(gold=document)@2]\n",
  "benchmarks/systems/words.yaml": "retriever: { kind: bm25 }\n",
};

const imported = async (): Promise<string> => {
  const project = await starterProject(FILES);
  const args = ["test=hf/questions.txt", "--knowledge", "hf/knowledge.tsv", "--titles", "test=hf/pages.tsv"];
  await runCli(["dataset", "import", "hf", ...args, "--into", "wiki"], project);
  return project;
};
const run = (project: string, system: string, ...more: string[]) =>
  runCli(["run", "--suite", "wiki", "--system", system, "--quiet", ...more], project);
/** The values of one metric by question, in order. */
async function valuesOf(project: string, system: string, metric: string): Promise<unknown[]> {
  const name = (await readdir(join(project, "runs"))).find((folder) => folder.includes(`-${system}-`))!;
  const log = await readFile(join(project, "runs", name, "run.jsonl"), "utf8");
  return log
    .trim()
    .split("\n")
    .map((row) => JSON.parse(row) as { kind: string; outcomes: Record<string, { value?: number; reason?: string }> })
    .filter(({ kind }) => kind === "retrieval" || kind === "failure")
    .map(({ outcomes }) => outcomes[metric]!.value ?? outcomes[metric]!.reason);
}

describe("bench run by document", () => {
  it("scores gold titles: two passages of one page count once, a page that is not there counts as missed", async () => {
    const project = await imported();
    const { exitCode, stderr } = await run(project, "words");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(await valuesOf(project, "words", "P(gold=document)@1")).toEqual([1, 1, 0]);
    expect(await valuesOf(project, "words", "P(gold=document)@2")).toEqual([1 / 2, 1 / 2, 1 / 2]);
    expect(await valuesOf(project, "words", "R(gold=document)@2")).toEqual([1, 1 / 2, 1]);
  });

  it("says that titles are judged when metrics by passage find nothing to compare with", async () => {
    const project = await imported();
    await writeFile(join(project, "benchmarks/wiki/suite.yaml"), "dataset: wiki\nmetrics: [P@1]\n");
    const { stderr } = await runCli(["run", "--suite", "wiki", "--system", "words"], project);
    expect(stderr).toContain("expected questions with judged passages, got none of the 3 questions");
    expect(stderr).toContain("R(gold=document)@5");
  });

  it("diagnoses at which rank the first passage of a gold page stands", async () => {
    const project = await imported();
    await run(project, "words");
    const { stdout } = await runCli(["diagnose", "wiki/words"], project);
    expect(stdout).toContain("3 questions with gold, 0 without");
    expect(stdout).toMatch(/gold at rank 1 to 3 +3 /);
  });

  it("gives the same figures for a run that was exported as titles and is replayed", async () => {
    const project = await imported();
    await run(project, "words");
    await runCli(["export", "wiki/words", "--as", "hf", "--out", "preds", "-k", "2"], project);
    const titles = "format: titles, file: ../../preds/retrieval_preds.tsv, questions: ../../hf/questions.txt";
    await writeFile(join(project, "benchmarks/systems/saved.yaml"), `retriever: { kind: replay, ${titles} }\n`);
    const { exitCode } = await run(project, "saved");
    expect(exitCode).toBe(0);
    for (const metric of ["P(gold=document)@1", "P(gold=document)@2", "R(gold=document)@2"]) {
      expect(await valuesOf(project, "saved", metric)).toEqual(await valuesOf(project, "words", metric));
    }
  });

  it("can be tuned and swept by document, whatever the passages are cut to", async () => {
    const project = await imported();
    const test = join(project, "datasets/wiki/qrels/test.documents.tsv");
    await writeFile(join(project, "datasets/wiki/qrels/eval.documents.tsv"), await readFile(test));
    const manifest = join(project, "datasets/wiki/dataset.yaml");
    await writeFile(manifest, (await readFile(manifest, "utf8")).replace("- test", "- test\n  - eval"));

    const tuned = await runCli(["tune", "words", "--suite", "wiki", "--metric", "P(gold=document)@1"], project);
    expect(tuned.exitCode).toBe(0);
    expect(tuned.stdout).toMatch(/mean P\(gold=document\)@1 0\.667 on 3 questions/);

    const sweep = ["sweep", "words", "--suite", "wiki", "--chunk", "words:4", "--chunk", "words:50", "--format", "csv"];
    const swept = await runCli(sweep, project);
    expect([swept.exitCode, swept.stderr]).toEqual([0, expect.any(String)]);
    const [head, ...rows] = swept.stdout.trim().split("\n");
    const mean = head!.split(",").indexOf("mean");
    const found = rows.map((row) => row.split(",")).filter((row) => row[1] === "P(gold=document)@1");
    expect(found.map((row) => [row[0], Number(row[mean])])).toEqual([
      ["4 words", expect.closeTo(2 / 3)],
      ["50 words", expect.closeTo(2 / 3)],
    ]);
  });
});
