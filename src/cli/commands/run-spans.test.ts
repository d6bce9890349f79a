import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

const jsonl = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

/** Each document is cut in two: the oak's gold lies in one passage, the elm's is cut through, the ash has one of each. */
const PASSAGES = ["oak", "elm", "ash"].flatMap((tree) => [
  { _id: `${tree}-1`, text: `${tree} leaf ${"x".repeat(11)}`, document: tree, start: 0, end: 20 },
  { _id: `${tree}-2`, text: `${tree} bark ${"y".repeat(11)}`, document: tree, start: 20, end: 40 },
]);
const span = (query: string, start: number, end: number) => ({ query, document: query, start, end, grade: 1 });
const FILES: Readonly<Record<string, string>> = {
  "datasets/trees/corpus.jsonl": jsonl(PASSAGES),
  "datasets/trees/queries.jsonl": jsonl(
    ["oak", "elm", "ash"].map((tree) => ({ _id: tree, text: tree, split: "test" })),
  ),
  "datasets/trees/qrels/test.spans.jsonl": jsonl([
    span("oak", 5, 15),
    span("elm", 12, 28),
    span("ash", 0, 10),
    span("ash", 16, 24),
  ]),
  "benchmarks/trees/suite.yaml": "dataset: trees\nmetrics: [R@2, nDCG@2]\n",
  "benchmarks/systems/mine.yaml": "retriever: { kind: bm25 }\n",
};
const run = (project: string, ...flags: string[]) =>
  runCli(["run", "-b", "trees", "-s", "mine", "-q", ...flags], project);

describe("bench run on gold that is spans", () => {
  it("shows each recall by both rules, of the same questions, a span that is cut as missed", async () => {
    const project = await starterProject(FILES);
    const { exitCode, stdout, stderr } = await run(project, "--format", "json");
    expect([exitCode, stderr]).toEqual([0, ""]);
    const [part] = JSON.parse(stdout).suites[0].tables[0].parts;
    const [row] = part.rows;
    expect(part.metrics.map(({ name }: { name: string }) => name)).toEqual(["R@2", "R(gold=strict)@2", "nDCG@2"]);
    expect(row.cells.map((cell: { estimate: { mean: number; n: number } }) => cell.estimate)).toMatchObject([
      { mean: 1, n: 3 },
      // oak 1, elm 0 (its only span is cut), ash 1/2 (one of its two spans is).
      { mean: 0.5, n: 3 },
      { n: 3 },
    ]);
    for (const format of ["text", "markdown", "csv"]) {
      const shown = await run(project, "--format", format);
      const plain = shown.stdout.replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
      // On GitHub `)@2` would mention somebody, so that nothing one sees stands between.
      expect(plain.replaceAll("\u200b", "")).toContain("R(gold=strict)@2");
    }
    const made = await runCli(["report", "--out", "site"], project);
    expect(made.exitCode).toBe(0);
    const page = await readFile(join(project, "site", "runs", row.run.run, "index.html"), "utf8");
    const board = await readFile(join(project, "site", "index.html"), "utf8");
    for (const html of [page, board]) expect(html.replaceAll("&#x3D;", "=")).toContain("R(gold=strict)@2");
  });

  it("takes a suite's own strict metric of any kind, once", async () => {
    const suite = "dataset: trees\nmetrics: [R(gold=strict)@2, R@2, nDCG(gold=strict)@2]\n";
    const { stdout } = await run(
      await starterProject({ ...FILES, "benchmarks/trees/suite.yaml": suite }),
      "--format",
      "csv",
    );
    const means = stdout.split("\r\n").map((line) => line.split(",").slice(6, 8));
    expect(means.slice(1, 4).map(([name]) => name)).toEqual(["R(gold=strict)@2", "R@2", "nDCG(gold=strict)@2"]);
    expect(means[1]![1]).toBe("0.5");
    expect(means).toHaveLength(5);
  });

  it("refuses a strict metric of judged passages, which are the same by both rules", async () => {
    const { "datasets/trees/qrels/test.spans.jsonl": _, ...rest } = FILES;
    const project = await starterProject({
      ...rest,
      "datasets/trees/qrels/test.tsv": "query-id\tcorpus-id\tscore\noak\toak-1\t1\n",
      "benchmarks/trees/suite.yaml": "dataset: trees\nmetrics: [R(gold=strict)@2]\n",
    });
    expect(await run(project)).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("leave gold=strict out"),
    });
  });
});
