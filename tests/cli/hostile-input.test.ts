import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "../../src/cli/testing/run-cli.ts";
import { starterProject } from "../../src/cli/testing/starter-project.ts";

const CORPUS = ["kettle", "toaster", "lamp"].map((id) => ({ _id: id, text: `The ${id} weighs ${id.length} pounds.` }));
const QUERIES = CORPUS.map(({ _id }) => ({
  _id: `q-${_id}`,
  text: `What does the ${_id} weigh?`,
  answers: ["pounds"],
}));
const QRELS = `query-id\tcorpus-id\tscore\n${CORPUS.map(({ _id }) => `q-${_id}\t${_id}\t1\n`).join("")}`;
const SUITE = "dataset: odd\nconditions: [rag@1]\nmetrics: [R@1, F1]\n";
const RUN = ["run", "-b", "odd", "-s", "bm25-reader", "--quiet", "--format", "json"];

function jsonl(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

/** A project with a dataset of three passages and questions, some of its files replaced or, undefined, left out. */
function project(files: Readonly<Record<string, string | Uint8Array | undefined>>): Promise<string> {
  const dataset = {
    "corpus.jsonl": jsonl(CORPUS),
    "queries.jsonl": jsonl(QUERIES),
    "qrels/test.tsv": QRELS,
    ...files,
  };
  const placed = Object.entries(dataset).flatMap(([name, content]) =>
    content === undefined ? [] : [[`datasets/odd/${name}`, content]],
  );
  return starterProject({ "benchmarks/odd/suite.yaml": SUITE, ...Object.fromEntries(placed) });
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name).slice(folder.length + 1));
}

describe("a dataset that is odd and yet sound", () => {
  it.each([
    ["with a byte-order mark", (text: string) => `\ufeff${text}`],
    ["with CRLF", (text: string) => text.replaceAll("\n", "\r\n")],
    ["without a last line feed", (text: string) => text.trimEnd()],
  ])("%s is run as if it were plain", async (_, change) => {
    const odd = await project({
      "corpus.jsonl": change(jsonl(CORPUS)),
      "queries.jsonl": change(jsonl(QUERIES)),
      "qrels/test.tsv": change(QRELS),
    });
    const { exitCode, stdout, stderr } = await runCli(RUN, odd);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const plain = await runCli(RUN, await project({}));
    const scores = (text: string): string[] => text.match(/"mean": [\d.]+/g) ?? [];
    expect(scores(stdout)).toEqual(scores(plain.stdout));
    expect(scores(stdout).length).toBeGreaterThan(0);
  });

  it("with ids such as ../../x and __proto__ is run, reported and gated, and every file stays in its folder", async () => {
    const ids = ["../../x", "__proto__", "constructor", "a/b\\c", "..", "q 1", "<script>", "💥", "CON", "%2e%2e"];
    const root = await project({
      "corpus.jsonl": jsonl(ids.map((id, i) => ({ _id: id, text: `Thing ${i} weighs ${i} pounds.` }))),
      "queries.jsonl": jsonl(
        ids.map((id, i) => ({ _id: id, text: `What does thing ${i} weigh?`, answers: ["pounds"] })),
      ),
      "qrels/test.tsv": `query-id\tcorpus-id\tscore\n${ids.map((id) => `${id}\t${id}\t1\n`).join("")}`,
    });
    const before = new Set(await filesBelow(root));
    expect(await runCli(RUN, root)).toMatchObject({ exitCode: 0, stderr: "" });
    const [run] = await readdir(join(root, "runs"));
    expect((await runCli(["report"], root)).exitCode).toBe(0);
    expect((await runCli(["baseline", "odd/bm25-reader"], root)).exitCode).toBe(0);
    expect(
      (await runCli(["gate", "benchmarks/baselines/odd/bm25-reader", "odd/bm25-reader"], root)).stderr,
    ).not.toMatch(/defect/);
    const made = (await filesBelow(root)).filter((file) => !before.has(file));
    for (const file of made)
      expect(file).toMatch(new RegExp(`^(runs/${run}/|site/|\\.cache/|benchmarks/baselines/odd/bm25-reader/)`));
    const questions = (await readFile(join(root, "runs", run!, "questions.jsonl"), "utf8")).trimEnd().split("\n");
    expect(questions.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(ids);
    for (const id of ids) {
      const { stdout } = await runCli(["log", "show", run!, "--query", id], root);
      expect(stdout.match(/ {2}rag@1$/gm), id).toHaveLength(1);
    }
    expect((await runCli(["log", "verify"], root)).exitCode).toBe(0);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe("a dataset that is broken", () => {
  it.each([
    ["a truncated last line", { "corpus.jsonl": `${jsonl(CORPUS)}{"_id":"x","te` }, "datasets/odd/corpus.jsonl:4"],
    [
      "a truncated question",
      { "queries.jsonl": jsonl(QUERIES).trimEnd().slice(0, -20) },
      "datasets/odd/queries.jsonl:3",
    ],
    ["NUL bytes", { "corpus.jsonl": `${jsonl(CORPUS)}\u0000\u0000\u0000\n` }, "datasets/odd/corpus.jsonl:4"],
    [
      "bytes that are no UTF-8",
      { "queries.jsonl": Buffer.from([0x7b, 0xff, 0xfe, 0x7d, 0x0a]) },
      "datasets/odd/queries.jsonl:1",
    ],
    ["a passage twice", { "corpus.jsonl": jsonl([...CORPUS, CORPUS[0]!]) }, "kettle"],
    ["a question twice", { "queries.jsonl": jsonl([...QUERIES, QUERIES[0]!]) }, "q-kettle"],
    ["an array for a row", { "corpus.jsonl": "[]\n" }, "datasets/odd/corpus.jsonl:1"],
    ["a number for an id", { "queries.jsonl": '{"_id":7,"text":"x"}\n' }, "datasets/odd/queries.jsonl:1 /_id"],
    ["an empty corpus", { "corpus.jsonl": "" }, "got an empty corpus"],
    ["no corpus", { "corpus.jsonl": undefined }, "datasets/odd"],
  ])("by %s is refused with its place, no stack and no run", async (_, files, place) => {
    const root = await project(files);
    const { exitCode, stdout, stderr } = await runCli(RUN, root);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain(place);
    expect(stderr).toMatch(/^ {2}fix: /m);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr.length).toBeLessThan(5000);
    await expect(readdir(join(root, "runs"))).rejects.toThrow("ENOENT");
    expect((await runCli(["dataset", "check", "odd"], root)).exitCode).toBe(3);
  });

  it("by a line of 50 MB is refused without printing it", async () => {
    const line = Buffer.alloc(50 * 1024 * 1024, "x");
    line.write('{"_id":"big","text":"');
    line.write('"}\n', line.length - 3);
    const root = await project({ "corpus.jsonl": Buffer.concat([Buffer.from(jsonl(CORPUS)), line]) });
    expect((await stat(join(root, "datasets/odd/corpus.jsonl"))).size).toBeGreaterThan(50 * 1024 * 1024);
    for (const args of [RUN, ["dataset", "check", "odd"]]) {
      const { exitCode, stdout, stderr } = await runCli(args, root);
      expect(exitCode).toBe(3);
      expect(`${stdout}${stderr}`).toContain("datasets/odd/corpus.jsonl:4");
      expect(`${stdout}${stderr}`.length).toBeLessThan(2000);
    }
  });
});
