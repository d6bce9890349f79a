import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import type { Summary } from "../../report/index.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

const RUN = ["run", "--system", "bm25-reader"];
const PLAIN = "title: Plain\nretriever: { kind: bm25, stemmer: none }\ngenerator: { kind: reader }\n";

async function runsOf(project: string): Promise<string[]> {
  return (await readdir(join(project, "runs")).catch(() => [])).sort();
}

function conditions(stdout: string): (string | undefined)[] {
  const [, answers] = (JSON.parse(stdout) as Summary).suites[0]!.tables[0]!.parts;
  return answers!.rows.map((row) => row.condition);
}

describe("bench run", () => {
  it("takes the only suite, prints the table on standard output and everything else on standard error", async () => {
    const project = await starterProject();
    const { exitCode, stdout, stderr } = await runCli(RUN, project);
    const [run] = await runsOf(project);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Example\nexample test: 9 questions, 8 passages/);
    expect(stdout).toMatch(/rag@1 +9 +0 /);
    expect(stdout).not.toContain("Next:");
    expect(stderr).toContain(`${run}: 9 rankings, 18 answers; log in runs/${run}`);
    expect(stderr).toContain("Next: `bench report`");
  });

  it("asks which suite where there are several, and takes --suite", async () => {
    const project = await starterProject({
      "benchmarks/small/suite.yaml": "dataset: example\nconditions: [rag@1]\nmetrics: [F1]\n",
    });
    const asked = await runCli(RUN, project);
    expect(asked.exitCode).toBe(2);
    expect(asked.stderr).toContain("--suite (E_USAGE)\n  expected one of example, small, got nothing");
    const ran = await runCli([...RUN, "--suite", "small"], project);
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).toMatch(/^small\nexample test: 9 questions/);
  });

  it("asks which system when none is named", async () => {
    const { exitCode, stderr } = await runCli(["run"], await starterProject());
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--system (E_USAGE)\n  expected one of bm25-reader, my-endpoint, got nothing");
  });

  it("says how to make a project where there is none", async () => {
    const { exitCode, stderr } = await runCli(RUN, await tempFolder());
    expect(exitCode).toBe(3);
    expect(stderr).toContain("(E_PROJECT)");
    expect(stderr).toContain("fix: run `bench init`");
  });

  it("runs several systems, repeated or after commas, each once, into one table", async () => {
    const project = await starterProject({ "benchmarks/systems/plain.yaml": PLAIN });
    const { exitCode, stdout } = await runCli([...RUN, "-s", "plain,bm25-reader", "--format", "json"], project);
    expect(exitCode).toBe(0);
    const table = (JSON.parse(stdout) as Summary).suites[0]!.tables[0]!;
    expect(table.parts[0]!.rows.map((row) => row.run.system.id).sort()).toEqual(["bm25-reader", "plain"]);
    expect(await runsOf(project)).toHaveLength(2);
  });

  it("does not repeat a finished run, and prints the same table", async () => {
    const project = await starterProject();
    const first = await runCli(RUN, project);
    const [run] = await runsOf(project);
    const log = await readFile(join(project, "runs", run!, "run.jsonl"), "utf8");
    const second = await runCli(RUN, project);
    expect(second.stderr).toContain(`${run}: finished before; --fresh runs it again`);
    expect(second.stdout).toBe(first.stdout);
    expect(await runsOf(project)).toEqual([run]);
    expect(await readFile(join(project, "runs", run!, "run.jsonl"), "utf8")).toBe(log);
  });

  it("makes another run with --fresh", async () => {
    const project = await starterProject();
    await runCli(RUN, project);
    const { exitCode } = await runCli([...RUN, "--fresh"], project);
    const [run] = await runsOf(project);
    expect(exitCode).toBe(0);
    expect(await runsOf(project)).toEqual([run, `${run}-2`]);
  });

  it("runs again when the dataset has changed, since that is another measurement", async () => {
    const project = await starterProject();
    await runCli(RUN, project);
    const corpus = join(project, "datasets/example/corpus.jsonl");
    await writeFile(corpus, (await readFile(corpus, "utf8")).replace("four minutes", "five minutes"));
    expect((await runCli(RUN, project)).exitCode).toBe(0);
    expect(await runsOf(project)).toHaveLength(2);
  });

  it("asks so many questions with --limit, others by another seed, and the named ones with --query", async () => {
    const project = await starterProject();
    const asked = async (...args: string[]) => {
      const before = await runsOf(project);
      const { stdout } = await runCli([...RUN, ...args], project);
      expect(stdout).toContain("example test: 2 questions");
      const [run] = (await runsOf(project)).filter((id) => !before.includes(id));
      const text = await readFile(join(project, "runs", run!, "questions.jsonl"), "utf8");
      return [...text.matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id);
    };
    // In the dataset's order, though not its first.
    expect(await asked("--limit", "2")).toEqual(["green-tea", "keep-warm"]);
    expect(await asked("--limit", "2", "--seed", "1")).not.toEqual(["green-tea", "keep-warm"]);
    expect(await asked("--query", "volume,coffee")).toEqual(["coffee", "volume"]);
  });

  it("refuses a question that is not in the split, with the nearest one", async () => {
    const { exitCode, stderr } = await runCli([...RUN, "--query", "boil-tim"], await starterProject());
    expect(exitCode).toBe(2);
    expect(stderr).toContain('fix: did you mean "boil-time"?');
  });

  it("replaces the rag conditions by --topk, each k once", async () => {
    const project = await starterProject();
    const { stdout } = await runCli([...RUN, "--topk", "3,5", "--topk", "3,7", "--format", "json"], project);
    expect(conditions(stdout)).toEqual(["rag@3", "rag@5", "rag@7"]);
  });

  it.each([
    ["0", ['from 1 to 100000, got "0"']],
    ["3,three", ['got "three"']],
    ["three,,-1", ['got "three"', 'got ""', 'got "-1"']],
    ["1e3", ['got "1e3"']],
    ["999999999999999999999", ['got "999999999999999999999"']],
    ["3.5", ['got "3.5"']],
  ])("refuses --topk %s, each wrong value with what is expected", async (topk, messages) => {
    const project = await starterProject();
    const { exitCode, stdout, stderr } = await runCli([...RUN, `--topk=${topk}`], project);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    for (const message of messages) expect(stderr).toContain(message);
    expect(stderr.match(/\(E_USAGE\)/g)).toHaveLength(messages.length);
    expect(await runsOf(project)).toEqual([]);
  });

  it("takes a k larger than the corpus with a warning", async () => {
    const { exitCode, stdout, stderr } = await runCli([...RUN, "--topk", "100000"], await starterProject());
    expect(exitCode).toBe(0);
    expect(stderr).toContain("(W_K_CORPUS)\n  expected k up to the corpus's 8 passages, got rag@100000");
    expect(stdout).toContain("rag@100000");
  });

  it.each([
    [
      ["--suite", "exampel"],
      '(E_SUITE_UNKNOWN)\n  expected one of example, got "exampel"\n  fix: did you mean "example"?',
    ],
    [["--system", "bm25-raeder"], 'fix: did you mean "bm25-reader"?'],
    [["--suite", "../../etc"], "(E_SUITE_UNKNOWN)"],
    [["--system", "__proto__"], "(E_SYSTEM_UNKNOWN)"],
  ])("refuses %j", async (args, message) => {
    const { exitCode, stdout, stderr } = await runCli([...RUN, ...args], await starterProject());
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain(message);
  });

  it("reports every problem of a suite at once and starts nothing", async () => {
    const project = await starterProject({
      "benchmarks/example/suite.yaml": "dataset: example\nmetrcs: [F1]\nmetrics: [nDGC@10, F1]\nconditions: [rag@0]\n",
    });
    const { exitCode, stderr } = await runCli(RUN, project);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("benchmarks/example/suite.yaml:2");
    expect(stderr).toContain('"metrics"');
    expect(await runsOf(project)).toEqual([]);
  });

  it("prints nothing but the table with --quiet", async () => {
    const project = await starterProject();
    const loud = await runCli([...RUN, "--topk", "100000"], project);
    expect(loud.stderr).toContain("warning:");
    const quiet = await runCli([...RUN, "--topk", "100000", "--quiet", "--fresh"], project);
    expect(quiet).toMatchObject({ exitCode: 0, stderr: "" });
    expect(quiet.stdout).toMatch(/^Example\n/);
  });

  it("prints JSON, CSV and Markdown that other programs read", async () => {
    const project = await starterProject();
    const json = JSON.parse((await runCli([...RUN, "--format", "json"], project)).stdout) as Summary;
    expect(json.suites[0]!.tables[0]!.parts.map((part) => part.rows.length)).toEqual([1, 2]);

    const [head, ...rows] = (await runCli([...RUN, "--format", "csv"], project)).stdout.trimEnd().split(/\r?\n/);
    const columns = head!.split(",");
    expect(columns).toEqual(
      expect.arrayContaining(["suite", "system", "metric", "mean", "low", "high", "n", "failed"]),
    );
    // Three ranking metrics on retrieval, four answer metrics under each of two conditions.
    expect(rows).toHaveLength(3 + 4 * 2);
    const f1 = rows.map((row) => row.split(",")).find((row) => row[columns.indexOf("metric")] === "F1")!;
    expect(Number(f1[columns.indexOf("mean")])).toBeGreaterThan(0);

    const markdown = (await runCli([...RUN, "--format", "markdown"], project)).stdout;
    const tables = markdown.split("\n").filter((line) => line.startsWith("|"));
    expect(tables.length).toBeGreaterThanOrEqual(2 + 1 + 2 + 2);
    for (const row of tables) expect(row).toMatch(/\|$/);
  });

  it("refuses an unknown format with the known ones", async () => {
    const { exitCode, stderr } = await runCli([...RUN, "--format", "jsn"], await starterProject());
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--format (E_USAGE)\n  expected one of text, json, csv, markdown, got "jsn"');
    expect(stderr).toContain('did you mean "json"?');
  });

  it("refuses to go over an interrupted run, and finishes it with --resume as if it had not been interrupted", async () => {
    const project = await starterProject();
    await runCli(RUN, project);
    const [run] = await runsOf(project);
    const log = join(project, "runs", run!, "run.jsonl");
    const whole = await readFile(log, "utf8");
    const lines = whole.trimEnd().split("\n");
    await writeFile(log, `${lines.slice(0, 8).join("\n")}\n${lines[8]!.slice(0, 40)}`);
    const refused = await runCli(RUN, project);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("fix: add --resume to go on with it, or --fresh to start another");
    const resumed = await runCli([...RUN, "--resume"], project);
    expect(resumed.exitCode).toBe(0);
    const answers = (text: string) => [...text.matchAll(/"text":"[^"]*"/g)].map(([t]) => t);
    expect(answers(await readFile(log, "utf8"))).toEqual(answers(whole));
    expect((await runCli(["log", "verify"], project)).exitCode).toBe(0);
  });

  it("stops before the first question when interrupted, says so even when quiet, and leaves no run", async () => {
    const project = await starterProject();
    const { exitCode, stdout, stderr } = await runCli([...RUN, "--quiet"], project, { signal: AbortSignal.abort() });
    expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: "" });
    expect(stderr).toBe("interrupted\n");
    expect(await runsOf(project)).toEqual([]);
  });

  it("refuses a suite of answers on a system without a generator", async () => {
    const project = await starterProject({ "benchmarks/systems/search.yaml": "retriever: { kind: bm25 }\n" });
    const { exitCode, stderr } = await runCli(["run", "-s", "search"], project);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("expected a system with a generator");
    expect(await runsOf(project)).toEqual([]);
  });

  it("is not disturbed by other folders and files in runs/", async () => {
    const project = await starterProject();
    await mkdir(join(project, "runs", "mine"), { recursive: true });
    await writeFile(join(project, "runs", "notes.txt"), "");
    expect((await runCli(RUN, project)).exitCode).toBe(0);
  });
});
