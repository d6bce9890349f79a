import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { faultServer, json } from "../../system/testing/fault-server.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

const SYSTEM = "benchmarks/systems/mine.yaml";
const TREES = ["oak", "elm", "ash", "yew", "fir", "box", "bay", "fig"];

/** Questions found by a word that stands in their own short passage once and in a longer one often. */
const FILES: Readonly<Record<string, string>> = {
  "datasets/trees/corpus.jsonl": jsonl(
    TREES.flatMap((tree) => [
      { _id: `${tree}-short`, text: `The ${tree} grows slowly.`, document: tree },
      { _id: `${tree}-long`, text: `${`${tree} `.repeat(4)}${"leaf bark root branch ".repeat(20)}`, document: tree },
    ]),
  ),
  "datasets/trees/queries.jsonl": jsonl(
    TREES.flatMap((tree) =>
      ["eval", "test"].map((split) => ({ _id: `${tree}-${split}`, text: tree, document: tree, split })),
    ),
  ),
  ...Object.fromEntries(
    ["eval", "test"].map((split) => [
      `datasets/trees/qrels/${split}.tsv`,
      `query-id\tcorpus-id\tscore\n${TREES.map((tree) => `${tree}-${split}\t${tree}-short\t1\n`).join("")}`,
    ]),
  ),
  "benchmarks/trees/suite.yaml": "dataset: trees\nmetrics: [R@1, nDCG@10, F1]\n",
  [SYSTEM]: "retriever:\n  kind: bm25\n  k1: 3\n  b: 0\n",
};

function jsonl(rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

const sweep = (project: string, ...flags: string[]) => runCli(["sweep", "mine", "-b", "trees", ...flags], project);
const tableOf = async (project: string, ...flags: string[]) => {
  const { stdout, stderr, exitCode } = await sweep(project, ...flags, "--format", "json");
  if (exitCode !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
};

describe("bench sweep", () => {
  it("measures every combination with one index, and recommends what is better by paired evidence", async () => {
    const project = await starterProject(FILES);
    const { exitCode, stdout } = await sweep(project, "--set", "retriever.b=0,1", "--set", "retriever.k1=1.2,3");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("mine on trees, split eval: 8 questions");
    expect(stdout).toMatch(/^0 +1\.2 +\.631 .* 8$/m);
    expect(stdout).toMatch(/^1 +1\.2 +1\.000 .*\* .* 8$/m);
    expect(stdout).toMatch(/^ {2}better than b 0, k1 3 by \.369 \[.*\], p \.\d{3}$/m);
    expect(stdout).toMatch(/^ {2}against b 1, k1 3: cannot tell/m);
    expect(stdout).toContain("4 cells were looked at. The best of many is too good");
    const indexes = (await readdir(join(project, ".cache"))).filter((name) => name.startsWith("bm25-"));
    expect(indexes).toHaveLength(1);
    expect(await readFile(join(project, SYSTEM), "utf8")).toBe(FILES[SYSTEM]);
    expect(existsSync(join(project, "runs"))).toBe(false);
  });

  it("gives a cell the figures that tuning gives the same setting", async () => {
    const project = await starterProject(FILES);
    const { stdout } = await runCli(["tune", "mine", "-b", "trees"], project);
    const kept = Number(/\((\S+) as the file says\)/.exec(stdout)![1]);
    const { rows } = await tableOf(project, "--set", "retriever.b=0,1");
    expect(rows[0]).toMatchObject({ settings: ["0"], asFile: true });
    expect(rows[0].estimates[0].mean).toBeCloseTo(kept, 3);
  });

  it("cuts one ranking at each k and chooses by recall at the largest", async () => {
    const project = await starterProject(FILES);
    const { columns, rows } = await tableOf(project, "-k", "2,1");
    expect(columns.map(({ name }: { name: string }) => name)).toEqual(["R@2", "R@1", "nDCG@10"]);
    expect(rows.map((row: { k: number; estimates: { mean: number }[] }) => [row.k, row.estimates[0]!.mean])).toEqual([
      [1, 0],
      [2, 1],
    ]);
  });

  it("chooses the weight of a fusion", async () => {
    const fusion =
      "retriever:\n  kind: fusion\n  weight: 0\n  of:\n    - { kind: bm25, b: 1, k1: 0.6 }\n    - { kind: bm25, b: 0, k1: 3 }\n";
    const project = await starterProject({ ...FILES, [SYSTEM]: fusion });
    const { rows, best } = await tableOf(project, "--set", "retriever.weight=0,1", "--set", "retriever.of.1.k1=2");
    expect(rows[best].settings).toEqual(["1", "2"]);
  });

  it("has what the cells have in common search once, and gives each the figures it has alone", async () => {
    const asked: string[] = [];
    await using server = await faultServer((response, request) => {
      const { query, k } = request.body as { query: string; k: number };
      asked.push(query);
      return json({ ids: [`${query}-long`, `${query}-short`].slice(0, k) })(response, request);
    });
    const http = [
      "    - kind: http",
      "      url: ${URL}",
      "      method: POST",
      `      body: '{"query": {{json query}}, "k": {{k}}}'`,
      "      ids: /ids",
    ];
    const fusion = [
      "retriever:",
      "  kind: fusion",
      "  weight: 0.5",
      "  of:",
      "    - { kind: bm25, b: 1 }",
      ...http,
      "",
    ].join("\n");
    const project = await starterProject({ ...FILES, [SYSTEM]: fusion });
    const measure = async (weights: string) => {
      const flags = ["sweep", "mine", "-b", "trees", "--set", `retriever.weight=${weights}`, "--format", "json"];
      const { stdout, stderr } = await runCli(flags, project, { env: { URL: server.url } });
      if (stderr !== "") throw new Error(stderr);
      return JSON.parse(stdout).rows.map((row: { estimates: { mean: number }[] }) => row.estimates[0]!.mean);
    };
    const together = await measure("0,0.5,1");
    expect(asked.filter((query) => query !== "preflight").toSorted()).toEqual(TREES.toSorted());
    expect(together).toEqual([...(await measure("0")), ...(await measure("0.5")), ...(await measure("1"))]);
    expect(new Set(together).size).toBeGreaterThan(1);
  });

  it("writes a page that opens alone: pictures, table, recommendation, and no script", async () => {
    const project = await starterProject({ ...FILES, [SYSTEM]: `title: "<b>mine"\n${FILES[SYSTEM]}` });
    const flags = ["--set", "retriever.b=0,1", "--html", "made/sweep.html"];
    const { exitCode, stderr } = await sweep(project, ...flags);
    expect([exitCode, stderr]).toEqual([0, "page: made/sweep.html\n"]);
    const html = await readFile(join(project, "made/sweep.html"), "utf8");
    expect(html).toMatch(/<svg[^>]*>[\s\S]*class="dot /);
    expect(html).toContain("Take b 1: better than the other cell");
    expect(html.match(/<tr><th scope="row">/g)).toHaveLength(2);
    expect(html).not.toMatch(/<script|<link rel="stylesheet"| style="/);
    const [, style] = /<style>([\s\S]*?)<\/style>/.exec(html)!;
    const hash = createHash("sha256").update(style!).digest("base64").replaceAll("=", "&#x3D;");
    expect(html).toContain(`style-src 'sha256-${hash}'`);
  });

  it("asks so many questions as it is told to", async () => {
    const project = await starterProject(FILES);
    const { rows, questions } = await tableOf(project, "--set", "retriever.b=0,1", "--limit", "3");
    expect([questions, rows[0].estimates[0].n]).toEqual([3, 3]);
  });

  it("holds questions that a server fails on at the floor, and says how many", async () => {
    await using server = await faultServer((response, request) => {
      const { query } = request.body as { query: string };
      if (query === "oak") return json({ error: "no oaks" }, 400)(response, request);
      return json({ ids: [`${query}-short`] })(response, request);
    });
    const http = [
      "retriever:",
      "  kind: http",
      "  url: ${URL}",
      "  method: POST",
      `  body: '{"query": {{json query}}, "k": {{k}}}'`,
      "  ids: /ids",
      "",
    ];
    const project = await starterProject({ ...FILES, [SYSTEM]: http.join("\n") });
    const flags = ["sweep", "mine", "-b", "trees", "--set", "retriever.concurrency=1,4"];
    const { exitCode, stdout } = await runCli(flags, project, { env: { URL: server.url } });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ *4 +\.875 .* 8$/m);
    expect(stdout).toContain("Questions on which the system failed, at the floor: concurrency 1: 1; concurrency 4: 1.");
  });

  it("asks for answers from each k passages, and scores them as a run does", async () => {
    const answering = `${FILES[SYSTEM]}generator: { kind: reader, sentences: 1, decline_below: 0 }\n`;
    const queries = TREES.flatMap((tree) =>
      ["eval", "test"].map((split) => ({
        ...{ _id: `${tree}-${split}`, text: tree, document: tree, split },
        answers: [`The ${tree} grows slowly.`],
      })),
    );
    const project = await starterProject({
      ...FILES,
      [SYSTEM]: answering,
      "datasets/trees/queries.jsonl": jsonl(queries),
      "benchmarks/dev/suite.yaml": "dataset: trees\nsplit: eval\nconditions: [rag@1, rag@2]\nmetrics: [F1]\n",
    });
    const { columns, rows } = await tableOf(project, "-k", "1,2", "--answers", "--metric", "F1");
    expect(columns.map(({ name }: { name: string }) => name)).toEqual(["F1", "R@1", "nDCG@10"]);
    const ran = await runCli(["run", "-b", "dev", "-s", "mine", "--format", "json", "-q"], project);
    const part = JSON.parse(ran.stdout).suites[0].tables[0].parts.find((p: { kind: string }) => p.kind === "answers");
    const means = (all: { estimates?: object[]; cells?: { estimate: object }[] }[]) =>
      all.map((row) => row.estimates?.[0] ?? row.cells![0]!.estimate);
    expect(means(rows)).toMatchObject(means(part.rows).map((e) => ({ mean: (e as { mean: number }).mean, n: 8 })));
    const none = await sweep(await starterProject(FILES), "-k", "1", "--answers");
    expect(none).toMatchObject({ exitCode: 3, stderr: expect.stringContaining("a generator") });
  });

  it("cuts documents anew, takes the gold along as spans, and scores by both rules", async () => {
    const sentence = (i: number) => `Sentence ${i} says nothing of it at all, ever.`;
    const text = (tree: string) =>
      `${[0, 1, 2].map((i) => sentence(i)).join(" ")} The ${tree} is a tall green tree of northern woods. ${sentence(9)}`;
    const gold = (tree: string) => `The ${tree} is a tall green tree of northern woods.`;
    const span = (tree: string) => {
      const start = text(tree).indexOf(gold(tree));
      return { query: `${tree}-eval`, document: tree, start, end: start + gold(tree).length, grade: 1 };
    };
    const { "datasets/trees/qrels/eval.tsv": _, ...rest } = FILES;
    const project = await starterProject({
      ...rest,
      "datasets/trees/corpus.jsonl": jsonl(
        TREES.map((tree) => ({
          _id: `${tree}-1`,
          text: text(tree),
          document: tree,
          start: 0,
          end: text(tree).length,
        })),
      ),
      "datasets/trees/qrels/eval.spans.jsonl": jsonl(TREES.map(span)),
      "datasets/trees/qrels/test.tsv": "query-id\tcorpus-id\tscore\noak-test\toak-1\t1\n",
    });
    const { rows, columns, axes } = await tableOf(project, "--chunk", "words:4,100", "--metric", "R@5");
    expect(axes).toEqual(["passages of"]);
    expect(columns.map(({ name }: { name: string }) => name)).toEqual([
      "R@5",
      "R(gold=strict)@5",
      "R@1",
      "R(gold=strict)@1",
      "nDCG@10",
    ]);
    const [small, large] = rows;
    expect(small.passages).toBeGreaterThan(large.passages);
    expect(large.estimates.slice(0, 2)).toMatchObject([{ mean: 1 }, { mean: 1 }]);
    // No passage of four words holds a span of ten: strict recall is 0 of all questions, not of none.
    expect(small.estimates[1]).toMatchObject({ mean: 0, n: 8 });
    expect(small.estimates[0].mean).toBeGreaterThan(0);
    const made = (await readdir(join(project, ".cache/sweeps"))).filter((name) => !name.startsWith("."));
    expect(made).toHaveLength(2);
    expect(await tableOf(project, "--chunk", "words:4,100", "--metric", "R@5")).toMatchObject({ rows });
  });

  it("puts passages together again where there are no documents, and says so", async () => {
    const { stdout } = await sweep(await starterProject(FILES), "--chunk", "words:10,40");
    expect(stdout).toMatch(/^10 words .* \d+ +8$/m);
    expect(stdout).toContain(
      "The dataset names no documents: its passages were put together again.\nThe gold is whole",
    );
  });

  it("says that the questions are those of the test where it was told to look at them", async () => {
    const project = await starterProject(FILES);
    const flags = ["--set", "retriever.b=0,1", "--split", "test"];
    expect(await sweep(project, ...flags)).toMatchObject({ exitCode: 2 });
    const { exitCode, stdout } = await sweep(project, ...flags, "--look-at-test");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("The split test is for testing");
  });

  it.each([
    ["the split that is tested", ["--split", "test"], 2, "--look-at-test"],
    ["an answer metric", ["--metric", "F1"], 2, "a ranking metric"],
    ["a key that the system cannot have", ["--set", "retriever.k9=1"], 3, '"k9"'],
    ["a value out of range, once", ["--set", "retriever.b=7"], 3, "<= 1"],
    ["a split that is not there", ["--split", "dev"], 3, "E_DATASET_SPLIT"],
    ["sizes in tokens of no encoder", ["--chunk", "tokens:5"], 2, "add --encoder FOLDER"],
    ["an encoder that is not there", ["--chunk", "tokens:5", "--encoder", "nowhere"], 3, "nowhere"],
  ])("refuses %s", async (_, flags, exitCode, message) => {
    const project = await starterProject(FILES);
    const axis = flags[0] === "--set" || flags[0] === "--chunk" ? [] : ["--set", "retriever.b=0,1"];
    const result = await sweep(project, ...axis, ...flags);
    expect(result.exitCode).toBe(exitCode);
    expect(result.stderr).toContain(message);
    expect(result.stdout).toBe("");
  });
});
