import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { seeded } from "../../core/rng.ts";
import { faissStatus } from "../../search/faiss-module.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";
import { wordEncoder } from "../testing/word-encoder.ts";

const status = faissStatus();
const reason = status.available ? "" : ` (skipped: ${status.problem.got}; ${status.problem.fix})`;

const ROWS = 20_000;
const QUESTIONS = 100;
const rng = seeded("knowledge");
const WORDS = Array.from({ length: 3000 }, (_, i) => `word${i}`);
const draw = (count: number, from: readonly string[]): string[] =>
  Array.from({ length: count }, () => from[rng.below(from.length)]!);

/** Hugging Face's files: 4,000 pages of five rows; a question has eight of the twelve words of one row, its gold is the row's page. */
function hfFiles(): Record<string, string> {
  const texts = Array.from({ length: ROWS }, () => draw(12, WORDS));
  const titleOf = (row: number): string => `Page ${Math.floor(row / 5)}`;
  const asked = Array.from({ length: QUESTIONS }, (_, i) => i * (ROWS / QUESTIONS));
  return {
    "hf/knowledge.tsv": texts.map((words, row) => `${titleOf(row)}\t${words.join(" ")}\n`).join(""),
    "hf/questions.txt": asked.map((row) => `${texts[row]!.slice(0, 8).join(" ")}\n`).join(""),
    "hf/pages.tsv": asked.map((row) => `${titleOf(row)}\n`).join(""),
  };
}

const system = (index: string): string =>
  `retriever: { kind: dense, title: false, encoder: { kind: static, path: ../../encoder, normalise: true }, index: ${index} }\n`;

describe.skipIf(!status.available)(`20,000 rows of knowledge in an index of faiss${reason}`, () => {
  const imported = async (): Promise<string> => {
    const project = await starterProject({
      ...hfFiles(),
      ...wordEncoder("encoder", WORDS, 32, rng),
      "benchmarks/wiki/suite.yaml": "dataset: wiki\nmetrics: [P(gold=document)@1, P(gold=document)@5]\n",
      "benchmarks/systems/exact.yaml": system("exact"),
      "benchmarks/systems/hnsw.yaml": system("{ kind: hnsw, M: 16, efConstruction: 40, efSearch: 100 }"),
      "benchmarks/systems/sparse.yaml": system("{ kind: hnsw, M: 4, efConstruction: 8, efSearch: 4 }"),
    });
    const files = ["test=hf/questions.txt", "--knowledge", "hf/knowledge.tsv", "--titles", "test=hf/pages.tsv"];
    const { stdout } = await runCli(["dataset", "import", "hf", ...files, "--into", "wiki"], project);
    expect(stdout).toContain("20000 passages, 100 questions, 100 judgements");
    return project;
  };

  /** Precision at k by title as Hugging Face's script has it, from the exported predictions. */
  async function scriptsPrecision(project: string, name: string, k: number): Promise<number[]> {
    await runCli(["export", `wiki/${name}`, "--as", "hf", "--out", `preds-${name}`, "-k", "5"], project);
    const lines = async (path: string) => (await readFile(join(project, path), "utf8")).trim().split("\n");
    const predicted = await lines(`preds-${name}/retrieval_preds.tsv`);
    const gold = await lines("hf/pages.tsv");
    return predicted.map((line, i) => {
      const titles = new Set(line.split("\t").slice(0, k));
      return gold[i]!.split("\t").filter((title) => titles.has(title)).length / k;
    });
  }
  async function measured(project: string, name: string, metric: string): Promise<number[]> {
    const folder = (await readdir(join(project, "runs"))).find((run) => run.startsWith(`wiki-${name}-`))!;
    const log = await readFile(join(project, "runs", folder, "run.jsonl"), "utf8");
    const lines = log
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    return lines
      .filter(({ kind }) => kind === "retrieval")
      .map(({ outcomes }) => (outcomes as Record<string, { value: number }>)[metric]!.value);
  }
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b) / values.length;

  it("gives precision at k by title as Hugging Face's script computes it, as near to exact search as the graph is set", async () => {
    const project = await imported();
    const found = new Map<string, number>();
    for (const name of ["exact", "hnsw", "sparse"]) {
      const { exitCode, stderr } = await runCli(["run", "--suite", "wiki", "--system", name], project);
      expect(exitCode).toBe(0);
      if (name !== "exact") expect(stderr).toMatch(/the hnsw index finds 0\.\d{4} of the 10 nearest passages/);
      for (const k of [1, 5]) {
        const values = await measured(project, name, `P(gold=document)@${k}`);
        expect(values.length).toBe(QUESTIONS);
        expect(values).toEqual(await scriptsPrecision(project, name, k));
        found.set(`${name}@${k}`, mean(values));
      }
    }
    expect(found.get("exact@1")).toBeGreaterThan(0.9);
    expect(found.get("hnsw@1")).toBeGreaterThan(0.9);
    expect(found.get("sparse@1")).toBeLessThan(0.5);
  }, 180_000);
});
