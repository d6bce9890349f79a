import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openDataset } from "../dataset.ts";
import { DataError, formatProblems } from "../testing/problems.ts";
import { type Content, collect, tempDataset } from "../testing/temp-dataset.ts";
import type { QuestionsSource } from "./from-questions.ts";
import { importDataset } from "./import-dataset.ts";

const FOLDER: Readonly<Record<string, Content>> = {
  "train.source": "What is tea?\r\nWhat is ice?\r\n",
  "train.target": "A drink\r\nCold water",
  "val.source": "Why?\n",
  "val.target": "Because\n",
};

async function imported(files: Readonly<Record<string, Content>>, source?: (dir: string) => QuestionsSource) {
  const dir = await tempDataset(files);
  const result = await importDataset({ from: "questions", source: source?.(dir) ?? dir, into: join(dir, "out") });
  return { ...result, dataset: await openDataset(result.dir) };
}

describe("importing questions and answers", () => {
  it("reads a folder of .source and .target files, line by line", async () => {
    const { dataset, notes } = await imported(FOLDER);
    expect(dataset.splits).toEqual(["train", "val"]);
    expect((await collect(dataset.queries("train"))).map((q) => [q.text, q.answers])).toEqual([
      ["What is tea?", ["A drink"]],
      ["What is ice?", ["Cold water"]],
    ]);
    expect(notes).toEqual(["no passages: only answers without retrieval can be measured"]);
  });

  it("reads a JSON array of question and answer with a corpus, gives stable ids, keeps other keys", async () => {
    const rows = [
      { question: " What is tea? ", answer: " A drink", source: "faq" },
      { question: "What is tea?", answers: ["A drink", "Leaves", " Leaves"] },
      { question: "What is tea?", answer: "A drink" },
      { question: "Really?" },
    ];
    const files = { "eval.json": JSON.stringify(rows), "corpus.jsonl": [{ _id: "p", text: "Tea is a drink." }] };
    const from = (dir: string) => ({
      questions: [{ split: "test", path: `${dir}/eval.json` }],
      corpus: `${dir}/corpus.jsonl`,
    });
    const [first, second] = [await imported(files, from), await imported(files, from)];
    expect(await first.dataset.fingerprint()).toEqual(await second.dataset.fingerprint());
    expect(first.counts).toMatchObject({ passages: 1, queries: 4 });
    const queries = await collect(first.dataset.queries("test"));
    expect(queries.map((q) => [q.text, q.answers, q.metadata])).toEqual([
      ["What is tea?", ["A drink"], { source: "faq" }],
      ["What is tea?", ["A drink", "Leaves"], undefined],
      ["What is tea?", ["A drink"], undefined],
      ["Really?", undefined, undefined],
    ]);
    expect(queries[2]?.id).toBe(`${queries[0]?.id}-2`);
  });

  it.each<[string, Readonly<Record<string, Content>>, string[]]>([
    [
      "fewer targets than sources",
      { "train.target": "A drink\n" },
      ["train.target:1 E_IMPORT_ROW expected as many lines as train.source has, got 1 lines"],
    ],
    [
      "fewer sources than targets",
      { "train.source": "What is tea?\n" },
      ["train.source:1 E_IMPORT_ROW expected as many lines as train.target has, got 1 lines"],
    ],
    [
      "empty lines",
      { "train.source": "\nWhat is ice?\n", "train.target": "A drink\n \n" },
      [
        "train.source:1 E_IMPORT_ROW expected text, got an empty line",
        "train.target:2 E_IMPORT_ROW expected text, got an empty line",
      ],
    ],
    [
      "bytes that are not UTF-8",
      { "train.target": Buffer.from("A drink\nCaf\xe9\n", "latin1") },
      ["train.target:2 E_DATASET_LINE expected UTF-8 text, got other bytes"],
    ],
  ])("refuses %s, naming file and line", async (_name, change, expected) => {
    const dir = await tempDataset({ ...FOLDER, ...change });
    const error = await importDataset({ from: "questions", source: dir, into: join(dir, "out") }).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(DataError);
    expect(formatProblems((error as DataError).problems, dir)).toEqual(expected);
  });

  it("refuses a folder without such files, and rows without a question", async () => {
    await expect(imported({})).rejects.toMatchObject({ code: "E_IMPORT_FORMAT" });
    const bad = imported({ "q.jsonl": [{ answer: "x" }] }, (dir) => ({
      questions: [{ split: "test", path: `${dir}/q.jsonl` }],
    }));
    await expect(bad).rejects.toMatchObject({ code: "E_DATASET_ROW" });
  });
});
