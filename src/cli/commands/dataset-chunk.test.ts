import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

const PAGE =
  "The kettle boils in four minutes. It switches itself off. The lid opens with a press of the button on top.";

/** A page with one gold span, cut into one passage. */
const FILES: Readonly<Record<string, string>> = {
  "datasets/page/dataset.yaml": "id: page\ntitle: A page\nsplits: [test]\ndocuments: pages\n",
  "datasets/page/pages/kettle.md": PAGE,
  "datasets/page/corpus.jsonl": `${JSON.stringify({ _id: "kettle#1", text: PAGE, document: "kettle", start: 0, end: PAGE.length })}\n`,
  "datasets/page/queries.jsonl": `${JSON.stringify({ _id: "q1", text: "When does it boil?", answers: ["four minutes"], split: "test" })}\n`,
  "datasets/page/qrels/test.tsv": "query-id\tcorpus-id\tscore\nq1\tkettle#1\t1\n",
  "datasets/page/qrels/test.spans.jsonl": `${JSON.stringify({ query: "q1", document: "kettle", start: 0, end: 33, grade: 2 })}\n`,
};

describe("bench dataset chunk", () => {
  it("cuts the documents anew, and the gold follows to the passage that holds its span", async () => {
    const project = await starterProject(FILES);
    const { exitCode, stdout } = await runCli(["dataset", "chunk", "page", "--into", "page-6", "--size", "6"], project);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/datasets\/page-6: \d+ passages of 1 documents/);
    expect(stdout).toMatch(/^test +1 +1 +\d$/m);
    const corpus = (await readFile(join(project, "datasets/page-6/corpus.jsonl"), "utf8")).trim().split("\n");
    const passages = corpus.map((row) => JSON.parse(row) as { _id: string; text: string; start: number; end: number });
    for (const { text, start, end } of passages) expect(PAGE.slice(start, end)).toBe(text);
    for (const { text } of passages) expect(text.trim().split(/\s+/).length).toBeLessThanOrEqual(6);
    const qrels = await readFile(join(project, "datasets/page-6/qrels/test.tsv"), "utf8");
    expect(qrels).toContain(`q1\t${passages[0]!._id}\t2\n`);
    expect((await runCli(["dataset", "check", "page-6"], project)).exitCode).toBe(0);
  });

  it.each([
    ["no name", ["--size", "6"], "--into"],
    ["a name that leaves the folder", ["--into", "../x"], "--into"],
    ["an overlap as large as a passage", ["--into", "x", "--size", "5", "--overlap", "5"], "--overlap"],
    ["tokens of no encoder", ["--into", "x", "--unit", "tokens"], "--encoder"],
    ["no size", ["--into", "x", "--size", "0"], "--size"],
  ])("refuses %s and makes nothing", async (_, flags, where) => {
    const project = await starterProject(FILES);
    const { exitCode, stderr } = await runCli(["dataset", "chunk", "page", ...flags], project);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(where);
    await expect(readFile(join(project, "datasets/x/corpus.jsonl"))).rejects.toThrow("ENOENT");
  });
});

describe("bench dataset duplicates", () => {
  it("counts distinct texts and names the groups that are nearly the same", async () => {
    const words = Array.from({ length: 40 }, (_, i) => `word${i}`);
    const rows = [
      { _id: "a", text: words.join(" ") },
      { _id: "b", text: [...words, "more"].join(" ") },
      { _id: "c", text: "something else entirely, of other words and of none of those" },
      { _id: "d", text: words.join(" ") },
    ];
    const project = await starterProject({
      ...FILES,
      "datasets/page/corpus.jsonl": rows.map((row) => `${JSON.stringify(row)}\n`).join(""),
    });
    const { exitCode, stdout } = await runCli(["dataset", "duplicates", "page"], project);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("4 passages, 3 distinct texts");
    expect(stdout).toContain("1 groups of passages at least 0.8 alike");
    const json = await runCli(["dataset", "duplicates", "page", "--format", "json"], project);
    expect(JSON.parse(json.stdout)).toMatchObject({ passages: 4, distinctTexts: 3, exact: [["a", "d"]] });
  });
});
