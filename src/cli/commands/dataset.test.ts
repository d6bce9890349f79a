import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

const BEIR = {
  "in/corpus.jsonl": '{"_id":"p1","title":"Kettle","text":"Boils in four minutes."}\n{"_id":"p2","text":"Nothing."}\n',
  "in/queries.jsonl": '{"_id":"q1","text":"How long?"}\n',
  "in/qrels/test.tsv": "query-id\tcorpus-id\tscore\nq1\tp1\t1\n",
};

describe("bench dataset import", () => {
  it("makes a dataset of a BEIR folder, says what it holds and what to do next", async () => {
    const project = await starterProject(BEIR);
    const args = [
      "dataset",
      "import",
      "beir",
      "in",
      "--into",
      "mine",
      "--title",
      "Mine",
      "--license",
      "MIT",
      "--language",
      "en",
    ];
    const { exitCode, stdout } = await runCli(args, project);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^datasets\/mine: 2 passages, 1 questions, 1 judgements/);
    expect(stdout).toMatch(/\nNext: bench dataset check mine\n$/);
    const manifest = await readFile(join(project, "datasets/mine/dataset.yaml"), "utf8");
    for (const text of ["id: mine", "title: Mine", "license: MIT", "language: en"]) expect(manifest).toContain(text);
    expect((await runCli(["dataset", "check", "mine"], project)).exitCode).toBe(0);
  });

  it("imports questions of several splits, with passages only when they are named", async () => {
    const project = await starterProject({
      ...BEIR,
      "test.jsonl": '{"question":"Who?","answer":"me"}\n{"question":"Where?","answers":["here","there"]}\n',
      "dev.json": '[{"question":"When?","answer":"now"}]',
      "hf/test.source": "Who?\nWhere?\n",
      "hf/test.target": "me\nhere\n",
    });
    const files = await runCli(
      ["dataset", "import", "questions", "test.jsonl", "eval=dev.json", "--into", "a"],
      project,
    );
    expect(files.stdout).toMatch(/^datasets\/a: 0 passages, 3 questions, 0 judgements\n {2}note: no passages/);
    const folder = await runCli(
      ["dataset", "import", "questions", "hf", "--corpus", "in/corpus.jsonl", "--into", "b"],
      project,
    );
    expect(folder.stdout).toMatch(/^datasets\/b: 2 passages, 2 questions, 0 judgements/);
    expect(folder.stdout).not.toContain("no passages");
  });

  it("imports SQuAD 2 and TREC files", async () => {
    const paragraph = {
      context: "It boils in four minutes.",
      qas: [
        {
          id: "s1",
          question: "How long?",
          is_impossible: false,
          answers: [{ text: "four minutes", answer_start: 12 }],
        },
        { id: "s2", question: "How loud?", is_impossible: true, answers: [] },
      ],
    };
    const project = await starterProject({
      "squad.json": JSON.stringify({ version: "v2.0", data: [{ title: "Kettle", paragraphs: [paragraph] }] }),
      "docs.trec": "<DOC>\n<DOCNO>D1</DOCNO>\n<TEXT>\nIt boils.\n</TEXT>\n</DOC>\n",
      "topics.trec": "<top>\n<num> Number: 1\n<title> boiling\n<desc> Description:\nDoes it boil?\n</top>\n",
      "qrels.txt": "1 0 D1 1\n",
    });
    const squad = await runCli(["dataset", "import", "squad2", "eval=squad.json", "--into", "squad"], project);
    expect(squad.stdout).toMatch(/^datasets\/squad: 1 passages, 2 questions, 1 judgements/);
    const trec = ["dataset", "import", "trec", "--documents", "docs.trec", "--topics", "topics.trec"];
    const made = await runCli([...trec, "--qrels", "test=qrels.txt", "--into", "trec"], project);
    expect(made.stdout).toMatch(/^datasets\/trec: 1 passages, 1 questions, 1 judgements/);
    const titles = await readFile(join(project, "datasets/trec/queries.jsonl"), "utf8");
    expect(titles).toContain("boiling");
    await runCli([...trec, "--qrels", "test=qrels.txt", "--into", "trec", "--topic-field", "DESC", "--force"], project);
    expect(await readFile(join(project, "datasets/trec/queries.jsonl"), "utf8")).toContain("Does it boil?");
  });

  it("does not replace a dataset unless forced", async () => {
    const project = await starterProject(BEIR);
    const args = ["dataset", "import", "beir", "in", "--into", "example"];
    const before = await readdir(join(project, "datasets/example"));
    const refused = await runCli(args, project);
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toContain("(E_DATASET_EXISTS)");
    expect(await readdir(join(project, "datasets/example"))).toEqual(before);
    expect((await runCli([...args, "--force"], project)).exitCode).toBe(0);
  });

  it.each([
    [
      ["beir", "in"],
      ["--into (E_USAGE)", "got nothing"],
    ],
    [
      ["beir", "in", "--into", "../../x"],
      ["--into (E_USAGE)", 'got "../../x"'],
    ],
    [
      ["bier", "in", "--into", "x"],
      ["<form> (E_USAGE)", 'did you mean "beir"?'],
    ],
    [["beir", "--into", "x"], ["<source> (E_USAGE)\n  expected one folder, got nothing"]],
    [["beir", "in", "in2", "--into", "x"], ["expected one folder, got 2"]],
    [["squad2", "--into", "x"], ["expected one file or more, each as SPLIT=FILE, got nothing"]],
    [
      ["trec", "a", "--into", "x"],
      ["--documents (E_USAGE)", "--topics (E_USAGE)", "--qrels (E_USAGE)", "<source> (E_USAGE)"],
    ],
    [["beir", "in", "--into", "x", "--topics", "t"], ["--topics (E_USAGE)\n  expected nothing for the form beir"]],
  ])("refuses %j, each mistake with its place", async (args, messages) => {
    const project = await starterProject(BEIR);
    const { exitCode, stdout, stderr } = await runCli(["dataset", "import", ...args], project);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    for (const message of messages) expect(stderr).toContain(message);
    expect(await readdir(join(project, "datasets"))).toEqual(["example"]);
  });

  it("leaves nothing behind when the source is broken, and says where", async () => {
    const project = await starterProject({ ...BEIR, "in/corpus.jsonl": '{"_id":"p1","text":"x"}\n{"_id":"p2","te' });
    const { exitCode, stderr } = await runCli(["dataset", "import", "beir", "in", "--into", "mine"], project);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/in\/corpus\.jsonl:2/);
    expect(await readdir(join(project, "datasets"))).toEqual(["example"]);
  });
});

describe("bench dataset check", () => {
  const broken = {
    "datasets/bad/corpus.jsonl": '{"_id":"p1","text":"x"}\n{"_id":"p1","text":"y"}\n{"_id":"p2","text":""}\n',
    "datasets/bad/queries.jsonl": '{"_id":"q1","text":"Who?"}\n{"_id":"q1","text":"Who?"}\n',
    "datasets/bad/qrels/test.tsv": "query-id\tcorpus-id\tscore\nq1\tnowhere\t1\n",
  };

  it("prints each finding with file, line and fix, then their counts, and exits with 3", async () => {
    const project = await starterProject(broken);
    const { exitCode, stdout } = await runCli(["dataset", "check", "bad"], project);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/error: .*corpus\.jsonl:2/);
    expect(stdout).toMatch(/error: .*queries\.jsonl:2/);
    expect(stdout).toContain('"nowhere"');
    expect(stdout.match(/^ {2}fix: /gm)!.length).toBeGreaterThanOrEqual(3);
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^datasets\/bad: .*1 × E_/);
  });

  it("prints the same as JSON", async () => {
    const project = await starterProject(broken);
    const { exitCode, stdout } = await runCli(["dataset", "check", "bad", "--format", "json"], project);
    expect(exitCode).toBe(3);
    const found = JSON.parse(stdout) as { problems: { code: string }[]; counts: Record<string, number> };
    expect(found.problems.length).toBeGreaterThanOrEqual(3);
    expect(Object.values(found.counts).reduce((a, b) => a + b, 0)).toBeGreaterThanOrEqual(found.problems.length);
  });

  it("fails on warnings with --strict alone", async () => {
    const rows = await readFile(new URL("../../../starter/datasets/example/queries.jsonl", import.meta.url), "utf8");
    const project = await starterProject({
      "datasets/example/queries.jsonl": rows.replace('"about four minutes", "four minutes"', '"nine hours"'),
    });
    const lenient = await runCli(["dataset", "check", "example"], project);
    expect(lenient.exitCode).toBe(0);
    expect(lenient.stdout).toMatch(/^warning: .*queries\.jsonl:1/);
    expect((await runCli(["dataset", "check", "example", "--strict"], project)).exitCode).toBe(3);
  });

  it("checks a folder outside of any project", async () => {
    const folder = await tempFolder(BEIR);
    expect((await runCli(["dataset", "check", "in"], folder)).exitCode).toBe(0);
  });

  it("refuses a dataset that is not there, with the nearest", async () => {
    const { exitCode, stderr } = await runCli(["dataset", "check", "exampel"], await starterProject());
    expect(exitCode).toBe(3);
    expect(stderr).toContain(
      'datasets (E_DATASET_UNKNOWN)\n  expected one of example, or a folder\'s path, got "exampel"',
    );
    expect(stderr).toContain('did you mean "example"?');
  });
});

describe("bench dataset show", () => {
  it("prints counts, lengths, tags and examples with their gold", async () => {
    const { exitCode, stdout } = await runCli(
      ["dataset", "show", "example", "--examples", "1"],
      await starterProject(),
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain("8 passages of 3 documents, 13 questions");
    expect(stdout).toMatch(/^test +9 +7 +2 +7 +0 /m);
    expect(stdout).toContain("test: 7 of grade 1; lookup 7, unanswerable 2");
    expect(stdout.match(/^ {4}gold \(grade 1\)/gm)).toHaveLength(2);
  });

  it("prints the same as JSON, tags with any name included", async () => {
    const project = await starterProject({
      "datasets/odd/corpus.jsonl": '{"_id":"p","text":"\\u009b31m"}\n',
      "datasets/odd/queries.jsonl": '{"_id":"q","text":"\\u009b31mWho?","tags":["__proto__"]}\n',
      "datasets/odd/qrels/test.tsv": "query-id\tcorpus-id\tscore\nq\tp\t1\n",
    });
    const { stdout } = await runCli(["dataset", "show", "odd", "--format", "json"], project);
    expect(stdout).not.toContain("\u009b");
    const [split] = (JSON.parse(stdout) as { splits: { tags: object; examples: { text: string }[] }[] }).splits;
    expect(Object.entries(split!.tags)).toEqual([["__proto__", 1]]);
    expect(split!.examples[0]!.text).toBe("\u009b31mWho?");
    const text = await runCli(["dataset", "show", "odd"], project);
    expect(text.stdout).toContain("\\u009b31mWho?");
  });
});
