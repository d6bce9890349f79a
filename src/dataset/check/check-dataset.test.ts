import { appendFile, cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { formatProblems } from "../testing/problems.ts";
import { type Content, collect, qrels, tempDataset } from "../testing/temp-dataset.ts";
import { checkDataset, datasetProblems } from "./check-dataset.ts";

const TINY = fileURLToPath(new URL("../../../fixtures/datasets/tiny", import.meta.url));

const BASE: Readonly<Record<string, Content>> = {
  "dataset.yaml": "id: d\nsplits: [train, test]\n",
  "corpus.jsonl": [
    { _id: "p1", text: "Water boils at 100 degrees." },
    { _id: "p2", text: "Ice melts at 0 degrees." },
  ],
  "queries.jsonl": [
    { _id: "q1", text: "When does water boil?", answers: ["100 degrees"] },
    { _id: "q2", text: "When does ice melt?", answers: ["0 degrees"] },
    { _id: "q3", text: "When does wood melt?", answerable: false, split: "test" },
  ],
  "qrels/train.tsv": qrels(["q1", "p1", 1]),
  "qrels/test.tsv": qrels(["q2", "p2", 2]),
};

/** The findings of the base dataset with some files replaced. */
async function findings(change: Readonly<Record<string, Content>>): Promise<string[]> {
  const dir = await tempDataset({ ...BASE, ...change });
  return formatProblems(await collect(datasetProblems(dir)), dir);
}
const corpus = (...more: object[]): object[] => [...(BASE["corpus.jsonl"] as object[]), ...more];
const queries = (...more: object[]): object[] => [...(BASE["queries.jsonl"] as object[]), ...more];

describe("checkDataset", () => {
  it("finds nothing in a good dataset", async () => {
    expect(await findings({})).toEqual([]);
    expect(await checkDataset(TINY)).toEqual({ problems: [], warnings: [], counts: new Map() });
  });

  it("finds judged documents that no passage belongs to, and knows a passage without a document as one", async () => {
    const judged = "query-id\tdocument-id\tscore\nq1\tKettle\t1\nq1\tp1\t1\nq1\tkettle\t1\nq9\tKettle\t0\n";
    const found = await findings({
      "corpus.jsonl": corpus({ _id: "k#1", text: "A kettle.", document: "Kettle" }),
      "qrels/train.documents.tsv": judged,
    });
    expect(found).toEqual([
      'qrels/train.documents.tsv:4 W_DATASET_DOCUMENT expected a document that passages of corpus.jsonl belong to, got "kettle"',
      'qrels/train.documents.tsv:5 E_DATASET_DANGLING expected a query that is in queries.jsonl, got "q9"',
    ]);
  });

  it("keeps the first findings of each code and counts all, errors and warnings apart", async () => {
    const rows = Array.from({ length: 30 }, () => ({ _id: "p1", text: "" }));
    const dir = await tempDataset({ ...BASE, "corpus.jsonl": corpus(...rows) });
    const { problems, warnings, counts } = await checkDataset(dir, { limit: 3 });
    expect(problems.map((p) => p.code)).toEqual(Array(3).fill("E_DATASET_DUPLICATE"));
    expect(warnings.map((p) => p.code)).toEqual(Array(3).fill("W_DATASET_EMPTY"));
    expect([...counts]).toEqual([
      ["E_DATASET_DUPLICATE", 30],
      ["W_DATASET_EMPTY", 30],
    ]);
  });

  it("finds every problem of every file in one go", async () => {
    const found = await findings({
      "corpus.jsonl": `${JSON.stringify({ _id: "p1", text: "x" })}\n{"_id":"p1","text":"y"}\n{"_id":7,"txt":"z"}\n{"_id":"p2`,
      "queries.jsonl": '{"_id":"q1","text":"?","splt":"test"}\nnull\n',
      "qrels/test.tsv": "query-id\tcorpus-id\tscore\nq9\tp9\t1\n",
      "qrels/train.tsv": "q1\tp1\tx\n",
    });
    expect(found.map((line) => line.split(" expected")[0])).toEqual([
      "corpus.jsonl:2 /_id E_DATASET_DUPLICATE",
      "corpus.jsonl:3 E_DATASET_ROW",
      "corpus.jsonl:3 /txt E_DATASET_ROW",
      "corpus.jsonl:3 /_id E_DATASET_ROW",
      "corpus.jsonl:4 E_DATASET_JSON",
      "queries.jsonl:1 /splt E_DATASET_ROW",
      "queries.jsonl:2 E_DATASET_ROW",
      "qrels/train.tsv:1 E_DATASET_QRELS",
      "qrels/train.tsv:1 E_DATASET_QRELS",
      "qrels/test.tsv:2 E_DATASET_DANGLING",
      "qrels/test.tsv:2 E_DATASET_DANGLING",
      "queries.jsonl W_DATASET_SPLIT",
      "queries.jsonl W_DATASET_SPLIT",
    ]);
  });

  it.each<[string, Readonly<Record<string, Content>>, string]>([
    [
      "an id twice, with the line of the first",
      { "corpus.jsonl": corpus({ _id: "p1", text: "x" }) },
      'corpus.jsonl:3 /_id E_DATASET_DUPLICATE expected an id that no other row has, got "p1", which line 1 has',
    ],
    [
      "a query id twice",
      { "queries.jsonl": queries({ _id: "q3", text: "Why?", split: "test", answerable: false }) },
      'queries.jsonl:4 /_id E_DATASET_DUPLICATE expected an id that no other row has, got "q3", which line 3 has',
    ],
    [
      "an id that qrels cannot hold",
      { "corpus.jsonl": corpus({ _id: "a\tb", text: "x" }) },
      'corpus.jsonl:3 /_id E_DATASET_ROW expected an id without tabs, line breaks, NUL and broken characters, got "a\\tb"',
    ],
    [
      "an empty passage",
      { "corpus.jsonl": corpus({ _id: "p3", text: " \n" }) },
      "corpus.jsonl:3 /text W_DATASET_EMPTY expected text, got nothing",
    ],
    [
      "an empty question",
      { "queries.jsonl": queries({ _id: "q4", text: " ", split: "test", answerable: false }) },
      "queries.jsonl:4 /text W_DATASET_EMPTY expected a question, got nothing",
    ],
    [
      "an empty answer",
      { "queries.jsonl": queries({ _id: "q4", text: "x", split: "test", answers: [""] }) },
      "queries.jsonl:4 /answers/0 W_DATASET_EMPTY expected an answer, got nothing",
    ],
    [
      "text decoded twice",
      { "corpus.jsonl": corpus({ _id: "p3", text: "cafÃ©" }) },
      'corpus.jsonl:3 /text W_DATASET_ENCODING expected text decoded once, got "cafÃ©"',
    ],
    [
      "a split nobody knows",
      { "queries.jsonl": queries({ _id: "q4", text: "x", split: "tets" }) },
      'queries.jsonl:4 /split E_DATASET_SPLIT expected one of the dataset\'s splits train, test, got "tets"',
    ],
    [
      "a judgement of an unknown passage",
      { "qrels/test.tsv": qrels(["q2", "p2", 1], ["q2", "p9", 1]) },
      'qrels/test.tsv:3 E_DATASET_DANGLING expected a passage that is in corpus.jsonl, got "p9"',
    ],
    [
      "a judgement of an unknown query",
      { "qrels/test.tsv": qrels(["q2", "p2", 1], ["Q2", "p2", 1]) },
      'qrels/test.tsv:3 E_DATASET_DANGLING expected a query that is in queries.jsonl, got "Q2"',
    ],
    [
      "two grades of one pair",
      { "qrels/test.tsv": qrels(["q2", "p2", 1], ["q2", "p2", 2]) },
      'qrels/test.tsv:3 E_DATASET_DUPLICATE expected one judgement of a pair, got "q2" and "p2" again, with grade 2 after 1',
    ],
    [
      "one grade of one pair twice",
      { "qrels/test.tsv": qrels(["q2", "p2", 1], ["q2", "p2", 1]) },
      'qrels/test.tsv:3 W_DATASET_DUPLICATE expected one judgement of a pair, got "q2" and "p2" again, with the same grade',
    ],
    [
      "a grade that is no whole number",
      { "qrels/test.tsv": "query-id\tcorpus-id\tscore\nq2\tp2\t1.5\n" },
      'qrels/test.tsv:2 E_DATASET_QRELS expected a whole number as the score, got "1.5"',
    ],
    [
      "a split that is not listed",
      { "qrels/dev.tsv": qrels() },
      'qrels/dev.tsv W_DATASET_SPLIT expected one of the dataset\'s splits train, test, got "dev"',
    ],
    [
      "a split without queries",
      { "dataset.yaml": "id: d\nsplits: [train, test, dev]\n", "qrels/dev.tsv": qrels() },
      "queries.jsonl W_DATASET_SPLIT expected queries of the split dev, got none",
    ],
    [
      "a split without judgements",
      {
        "dataset.yaml": "id: d\nsplits: [train, test, dev]\n",
        "queries.jsonl": queries({ _id: "q4", text: "x", split: "dev" }),
      },
      "queries.jsonl W_DATASET_UNJUDGED expected judgements of the split dev, got no file",
    ],
    [
      "an unanswerable query with a relevant passage",
      { "qrels/test.tsv": qrels(["q2", "p2", 1], ["q3", "p2", 1]) },
      'queries.jsonl:3 /answerable E_DATASET_ANSWERABLE expected no relevant judgement of an unanswerable query, got "answerable": false and relevant judgements in test',
    ],
    [
      "an unanswerable query with answers",
      { "queries.jsonl": queries({ _id: "q4", text: "x", split: "test", answerable: false, answers: ["y"] }) },
      "queries.jsonl:4 /answers E_DATASET_ANSWERABLE expected no answers of an unanswerable query, got 1 answers",
    ],
    [
      "an answerable query without a relevant passage",
      { "queries.jsonl": queries({ _id: "q4", text: "x", split: "test" }) },
      'queries.jsonl:4 /_id W_DATASET_UNJUDGED expected a relevant judgement in test, got none for "q4"',
    ],
    [
      "an answer that is in no gold passage",
      { "qrels/test.tsv": qrels(["q2", "p1", 1]) },
      'queries.jsonl:2 /answers W_DATASET_ANSWER expected an answer whose words stand in a gold passage, got "0 degrees"',
    ],
    [
      "a question of two splits",
      { "queries.jsonl": queries({ _id: "q4", text: "when does ICE melt", split: "train", answerable: false }) },
      "queries.jsonl:4 /text W_DATASET_LEAK expected questions of one split only, got a question of train that test asks too (line 2)",
    ],
    [
      "a query of two splits",
      { "qrels/test.tsv": qrels(["q2", "p2", 1], ["q1", "p1", 1]) },
      "queries.jsonl:1 /text W_DATASET_LEAK expected questions of one split only, got a question of test that train asks too (line 1)",
    ],
    [
      "a byte-order mark",
      { "qrels/test.tsv": `\ufeff${qrels(["q2", "p2", 1])}` },
      "qrels/test.tsv:1 W_DATASET_BOM expected UTF-8 without a byte-order mark, got a byte-order mark",
    ],
    [
      "a bad manifest",
      { "dataset.yaml": "id: d\n" },
      'dataset.yaml:1 E_DATASET_MANIFEST expected the key "splits", got nothing',
    ],
  ])("finds %s", async (_name, change, expected) => {
    expect(await findings(change)).toContain(expected);
  });

  it("takes a digit inside a longer number for no answer", async () => {
    const change = {
      "corpus.jsonl": [
        { _id: "p1", text: "At 100." },
        { _id: "p2", text: "At 1000 degrees." },
      ],
    };
    expect(
      await findings({
        ...change,
        "queries.jsonl": queries().map((q) => ({ ...q, ...("answers" in q ? { answers: ["100"] } : {}) })),
      }),
    ).toEqual([
      'queries.jsonl:2 /answers W_DATASET_ANSWER expected an answer whose words stand in a gold passage, got "100"',
    ]);
  });

  it("does not ask for long answers word for word", async () => {
    const answers = ["It melts at exactly zero degrees on the scale of Celsius"];
    expect(
      await findings({ "queries.jsonl": queries().map((q) => ({ ...q, ...("answers" in q ? { answers } : {}) })) }),
    ).toEqual([]);
  });

  it("reports shared gold passages once for a pair of splits", async () => {
    const dir = await tempDataset({ ...BASE, "qrels/test.tsv": qrels(["q2", "p2", 2], ["q2", "p1", 1]) });
    const leaks = (await collect(datasetProblems(dir))).filter((f) => f.code === "W_DATASET_LEAK");
    expect(leaks).toMatchObject([
      { where: dir, got: '1 judgements of test on gold passages of train, for example "p1"' },
    ]);
  });

  it("accepts CRLF and plain BEIR folders", async () => {
    const { "dataset.yaml": _, ...plain } = BASE;
    const dir = await tempDataset({ ...plain, "qrels/test.tsv": qrels(["q2", "p2", 1]).replaceAll("\n", "\r\n") });
    expect(await collect(datasetProblems(dir))).toEqual([]);
  });

  it.each([
    ["corpus.jsonl", ["corpus.jsonl E_DATASET_FILE expected a readable file, got ENOENT"]],
    ["queries.jsonl", ["queries.jsonl E_DATASET_FILE expected a readable file, got ENOENT"]],
  ])("reports a missing %s", async (missing, expected) => {
    const { [missing]: _, ...rest } = BASE;
    const dir = await tempDataset(rest);
    expect(formatProblems(await collect(datasetProblems(dir)), dir)).toEqual(expected);
  });

  it("reports a folder that is no dataset", async () => {
    expect((await checkDataset(await tempFolder())).problems).toMatchObject([{ code: "E_DATASET_MISSING" }]);
  });

  it("is not confused by hostile ids", async () => {
    const ids = ["__proto__", "constructor", "../../x", "😀", "\u001b[2J"];
    const rows = ids.map((_id, i) => ({ _id, text: `text ${i}` }));
    const split = {
      "dataset.yaml": "id: d\nsplits: [test]\n",
      "qrels/test.tsv": qrels(...ids.map((id) => [id, id, 1] as const)),
    };
    expect(
      await findings({ ...split, "corpus.jsonl": rows, "queries.jsonl": rows, "qrels/train.tsv": qrels() }),
    ).toEqual([expect.stringContaining("W_DATASET_SPLIT")]);
  });
});

describe("spans", () => {
  async function tinyWith(file: string, change: (path: string) => Promise<void>): Promise<string[]> {
    const dir = join(await tempFolder(), "tiny");
    await cp(TINY, dir, { recursive: true });
    await change(join(dir, file));
    return formatProblems(await collect(datasetProblems(dir)), dir);
  }
  const passage = (row: object) =>
    tinyWith("corpus.jsonl", (path) => appendFile(path, `${JSON.stringify({ _id: "new", text: "dry", ...row })}\n`));
  const span = (row: object) =>
    tinyWith("qrels/train.spans.jsonl", (path) =>
      appendFile(path, `${JSON.stringify({ query: "q5", document: "harbour/tides", grade: 1, ...row })}\n`),
    );

  it("of passages are compared with the page, in code points", async () => {
    expect(await passage({ document: "harbour/tides", start: 38, end: 41 })).toEqual([]);
    expect(await passage({ document: "harbour/tides", start: 39, end: 42 })).toEqual([
      'corpus.jsonl:5 /start E_DATASET_SPAN expected the passage\'s text at [39, 42), got "ry "',
    ]);
  });

  it.each<[string, object, string]>([
    [
      "only a start",
      { document: "harbour/tides", start: 3 },
      'corpus.jsonl:5 /start E_DATASET_SPAN expected "start" and "end" together, got only "start"',
    ],
    [
      "an end before the start",
      { document: "harbour/tides", start: 3, end: 2 },
      "corpus.jsonl:5 /end E_DATASET_SPAN expected a number above start (3), got 2",
    ],
    [
      "an end beyond the page",
      { document: "harbour/tides", start: 9000, end: 9003 },
      'corpus.jsonl:5 /start E_DATASET_SPAN expected the passage\'s text at [9000, 9003), got ""',
    ],
    [
      "a page that is not there",
      { document: "../tiny/dataset", start: 0, end: 3 },
      'corpus.jsonl:5 /document W_DATASET_DOCUMENT expected a document that "documents" of dataset.yaml holds, got "../tiny/dataset"',
    ],
  ])("of passages may not have %s", async (_name, row, expected) => {
    expect(await passage(row)).toEqual([expected]);
  });

  it.each<[string, object, string]>([
    [
      "end before they start",
      { start: 5, end: 5 },
      "qrels/train.spans.jsonl:2 /end E_DATASET_SPAN expected a number above start (5), got 5",
    ],
    [
      "reach beyond the page",
      { start: 5, end: 251 },
      "qrels/train.spans.jsonl:2 /end E_DATASET_SPAN expected at most 250, the document's length, got 251",
    ],
    [
      "quote another text",
      { start: 38, end: 41, text: "wet" },
      'qrels/train.spans.jsonl:2 /text E_DATASET_SPAN expected the document\'s text at [38, 41), "dry", got "wet"',
    ],
    [
      "name an unknown query",
      { query: "q9", start: 38, end: 41 },
      'qrels/train.spans.jsonl:2 /query E_DATASET_DANGLING expected a query that is in queries.jsonl, got "q9"',
    ],
    [
      "name an unknown page",
      { document: "x", start: 0, end: 3 },
      'qrels/train.spans.jsonl:2 /document W_DATASET_DOCUMENT expected a document that "documents" of dataset.yaml holds, got "x"',
    ],
    [
      "lack a grade",
      { start: 1, end: 3, grade: undefined },
      'qrels/train.spans.jsonl:2 E_DATASET_ROW expected the key "grade", got nothing',
    ],
  ])("of qrels may not %s", async (_name, row, expected) => {
    expect(await span(row)).toContain(expected);
  });

  it("of qrels that no passage holds are told: they cannot be retrieved", async () => {
    expect(await span({ start: 0, end: 9 })).toEqual([
      'qrels/train.spans.jsonl:2 W_DATASET_SPAN expected a passage that holds half of [0, 9) of "harbour/tides", got none',
    ]);
  });

  it("of qrels stand for the gold passages where there are no passage judgements", async () => {
    const found = await tinyWith("queries.jsonl", async (path) => {
      const text = await readFile(path, "utf8");
      await writeFile(path, text.replace("two days after the new and the full moon", "next Tuesday"));
    });
    expect(found).toEqual([expect.stringContaining("W_DATASET_ANSWER")]);
  });

  it("of qrels may reach the end of the page", async () => {
    expect(await span({ start: 137, end: 250 })).toEqual([]);
  });

  it("no longer fit when the page changes", async () => {
    const found = await tinyWith("pages/harbour/tides.md", (path) => writeFile(path, "# Tides\n\nA new page."));
    expect(found.map((line) => line.split(" expected")[0])).toEqual([
      "corpus.jsonl:1 /start E_DATASET_SPAN",
      "corpus.jsonl:2 /start E_DATASET_SPAN",
      "qrels/train.spans.jsonl:1 /end E_DATASET_SPAN",
    ]);
  });
});
