import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Summary } from "../../report/index.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

async function finished() {
  const project = await starterProject();
  await runCli(["run", "-s", "bm25-reader"], project);
  const text = (name: string) => readFile(join(project, name), "utf8");
  return { project, text, bench: (...argv: string[]) => runCli(argv, project) };
}

describe("bench export", () => {
  it("writes a run in each form and says which files", async () => {
    const { bench, text } = await finished();
    const run = "example/bm25-reader";
    const said = async (...more: string[]) => {
      const { exitCode, stdout, stderr } = await bench("export", run, ...more);
      expect([exitCode, stderr]).toEqual([0, ""]);
      return stdout;
    };
    expect(await said("--as", "trec", "--out", "x")).toBe("x/run.trec\n");
    expect(await said("--as", "csv", "--out", "r.csv")).toBe("r.csv\n");
    expect(await said("--as", "parquet", "--out", "x")).toBe("x/results.parquet\n");
    expect(await said("--as", "jsonl", "--out", "x")).toBe("x/results.jsonl\n");
    expect(await said("--as", "localrqa", "--condition", "rag@3", "--out", "x")).toBe("x/test-predictions.jsonl\n");
    expect(await said("--as", "hf", "--condition", "rag@3", "-k", "1", "--out", "hf")).toMatch(
      /^hf\/retrieval_preds\.tsv\nhf\/e2e_preds\.txt\n/,
    );
    const rows = (await text("x/results.jsonl")).trimEnd().split("\n");
    expect(rows).toHaveLength(27); // 9 questions: retrieval, rag@1, rag@3
    expect((await text("r.csv")).split("\r\n")[0]).toMatch(/^query,question,answers,.*,R@1,R@1 state,/);
    expect((await text("hf/e2e_preds.txt")).split("\n")).toHaveLength(10);
  });

  it("asks for what is missing, all of it, and for the condition; writes nothing", async () => {
    const { bench, project } = await finished();
    const before = await readdir(project);
    const nothing = await bench("export", "example/bm25-reader");
    expect(nothing.exitCode).toBe(2);
    expect(nothing.stderr).toMatch(/--as \(E_USAGE\)[\s\S]*--out \(E_USAGE\)/);
    const several = await bench("export", "example/bm25-reader", "--as", "hf", "--out", "hf");
    expect(several.exitCode).toBe(3);
    expect(several.stderr).toContain("expected one of the run's conditions: rag@1, rag@3, got none named");
    expect(several.stderr).toContain("--condition rag@1");
    expect(await readdir(project)).toEqual(before);
  });
});

describe("an exported run", () => {
  it.each([
    ["localrqa", "format: localrqa, file: ../../out/test-predictions.jsonl"],
    ["hf", "format: lines, file: ../../out/e2e_preds.txt, questions: ../../set/test.questions"],
    [
      "csv",
      "format: table, file: ../../out/results.csv, columns: { query: query, text: answer, condition: condition }",
    ],
  ])("as %s is replayed with the same scores", async (as, generator) => {
    const { project, bench } = await finished();
    const only = as === "csv" ? [] : ["--condition", "rag@3"];
    await bench("export", "example/bm25-reader", "--as", as, ...only, "--formulas", "keep", "--out", "out");
    await bench("dataset", "export", "example", "--as", "hf", "--out", "set");
    const system = `retriever: { kind: bm25 }\ngenerator: { kind: replay, ${generator} }\n`;
    await writeFile(join(project, "benchmarks/systems/again.yaml"), system);
    const { stdout, exitCode } = await bench("run", "-s", "bm25-reader,again", "-k", "3", "--format", "json", "-q");
    expect(exitCode).toBe(0);
    const { suites } = JSON.parse(stdout) as Summary;
    const answers = suites[0]!.tables[0]!.parts.find(({ kind }) => kind === "answers")!;
    const [again, before] = answers.rows.map(({ cells }) => cells.map((cell) => cell?.estimate));
    expect(again).toEqual(before);
  });
});

describe("bench dataset export and import", () => {
  it("writes tables that come back as the same dataset, and TREC's and Hugging Face's files", async () => {
    const { bench, project } = await finished();
    const out = await bench("dataset", "export", "example", "--as", "csv", "--out", "tables");
    expect(out).toMatchObject({ exitCode: 0, stderr: "" });
    expect(out.stdout).toBe("tables/corpus.csv\ntables/export.json\ntables/qrels.csv\ntables/queries.csv\n");
    const back = await bench("dataset", "import", "tables", "tables", "--into", "back");
    expect([back.exitCode, back.stderr]).toEqual([0, ""]);
    const shown = async (id: string) =>
      JSON.parse((await bench("dataset", "show", id, "--format", "json")).stdout) as { sha256: string };
    expect((await shown("back")).sha256).toHaveLength(64);
    expect((await bench("dataset", "export", "example", "--as", "trec", "--out", "trec")).exitCode).toBe(0);
    expect((await bench("dataset", "export", "example", "--as", "hf", "--out", "hf")).exitCode).toBe(0);
    const hf = await bench(
      ...["dataset", "import", "hf", "test=hf/test.questions", "--knowledge", "hf/knowledge.tsv", "--escaped"],
      ...["--titles", "test=hf/test.titles.tsv", "--qa", "test=hf/test.qa.tsv", "--into", "from-hf"],
    );
    expect([hf.exitCode, hf.stderr]).toEqual([0, ""]);
    const twice = await bench("dataset", "export", "example", "--as", "csv", "--out", "tables");
    expect([twice.exitCode, twice.stderr]).toEqual([3, expect.stringContaining("E_EXPORT_EXISTS")]);
    const split = await bench("dataset", "export", "example", "--as", "csv", "--out", "t", "--split", "test");
    expect([split.exitCode, split.stderr]).toEqual([2, expect.stringContaining("--split (E_USAGE)")]);
    expect(await readdir(project)).not.toContain("t");
  });

  it("imports a table with its columns named, and refuses options of other forms", async () => {
    const { bench, project } = await finished();
    await writeFile(join(project, "r.csv"), "ask,source\nWhat?,\"['d1', 'd2']\"\n");
    const good = await bench("dataset", "import", "mlflow", "r.csv", "--column", "question=ask", "--into", "docs");
    expect(good).toMatchObject({ exitCode: 0, stderr: "" });
    expect(good.stdout).toContain("datasets/docs: 0 passages, 1 questions, 2 judgements");
    const bad = await bench("dataset", "import", "dpr", "r.csv", "--qa", "test=x", "--column", "a=b", "--into", "z");
    expect(bad.exitCode).toBe(2);
    expect(bad.stderr).toMatch(/--qa \(E_USAGE\)[\s\S]*--column \(E_USAGE\)/);
    const role = await bench("dataset", "import", "ragas", "r.csv", "--column", "ask=question", "--into", "z");
    expect([role.exitCode, role.stderr]).toEqual([2, expect.stringContaining("ROLE=NAME")]);
    const gold = await bench("dataset", "import", "hf", "test=r.csv", "--qa", "dev=r.csv", "--into", "z");
    expect([gold.exitCode, gold.stderr]).toEqual([2, expect.stringContaining("a split of the evaluation sets: test")]);
  });
});
