import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError } from "../core/errors.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { openDataset } from "./dataset.ts";
import { collect, qrels, tempDataset } from "./testing/temp-dataset.ts";

const TINY = fileURLToPath(new URL("../../fixtures/datasets/tiny", import.meta.url));
const yaml = (...splits: string[]) => `id: d\nsplits: [${splits.join(", ")}]\n`;

describe("openDataset", () => {
  it("knows the dataset from dataset.yaml", async () => {
    const { id, title, splits, dir } = await openDataset(TINY);
    expect({ id, title, splits, dir }).toEqual({
      id: "tiny",
      title: "A very small dataset that uses every part of the format",
      splits: ["train", "test"],
      dir: TINY,
    });
  });

  it("takes a folder without dataset.yaml as plain BEIR: named as the folder, split as qrels/", async () => {
    const dir = await tempDataset({
      "beir/corpus.jsonl": [],
      "beir/queries.jsonl": [],
      "beir/qrels/test.tsv": "",
      "beir/qrels/dev.tsv": "",
    });
    const dataset = await openDataset(`${dir}/beir`);
    expect([dataset.id, dataset.title, dataset.splits]).toEqual(["beir", "beir", ["dev", "test"]]);
  });

  it("counts a split once whatever files it has", async () => {
    const dir = await tempDataset({
      "qrels/a.b.tsv": "",
      "qrels/a.b.documents.tsv": "",
      "qrels/a.b.spans.jsonl": "",
      "qrels/notes.txt": "",
    });
    expect((await openDataset(dir)).splits).toEqual(["a.b"]);
  });

  it("refuses a folder that is no dataset", async () => {
    const dir = await tempDataset({ "corpus.jsonl": [] });
    await expect(openDataset(dir)).rejects.toMatchObject({ code: "E_DATASET_MISSING", exitCode: 3 });
    await expect(openDataset(`${dir}/none`)).rejects.toBeInstanceOf(DataError);
  });

  it("reports all that is wrong in dataset.yaml with its lines", async () => {
    const dir = await tempDataset({ "dataset.yaml": "id: d\ntitel: x\nsplits: [../../x]\nlicense: 3\n" });
    const error = await openDataset(dir).catch((e: unknown) => e as DataError);
    expect(error).toBeInstanceOf(DataError);
    const problems = (error as DataError).problems.map(({ where, fix }) => [where.slice(dir.length + 1), fix]);
    expect(problems).toEqual(
      expect.arrayContaining([
        ["dataset.yaml:2 /titel", 'did you mean "title"?'],
        ["dataset.yaml:3 /splits/0", expect.any(String)],
        ["dataset.yaml:4 /license", expect.stringContaining("licence")],
      ]),
    );
  });

  it("reads no data file", async () => {
    const dir = await tempDataset({ "dataset.yaml": yaml("test"), "corpus.jsonl": "{broken" });
    expect((await openDataset(dir)).id).toBe("d");
  });
});

describe("passages", () => {
  it("come in file order with document and span", async () => {
    const passages = await collect((await openDataset(TINY)).passages());
    expect(passages.map((p) => p.id)).toEqual(["tides-1", "tides-2", "fees-1", "fees-2"]);
    expect(passages[2]).toEqual({
      id: "fees-1",
      title: "Fees",
      text: "A night on a visitor's berth costs 18 euros up to ten metres and 27 euros above. Children's dinghies are free.",
      document: "harbour/fees",
      start: 8,
      end: 118,
    });
  });

  it("are documents of their own when the corpus knows none", async () => {
    const dir = await tempDataset({
      "dataset.yaml": yaml("test"),
      "corpus.jsonl": [{ _id: "p", text: "t", metadata: { url: "u" } }],
    });
    expect(await collect((await openDataset(dir)).passages())).toEqual([
      { id: "p", text: "t", document: "p", metadata: { url: "u" } },
    ]);
  });

  it("end with all problems of the file when a row is bad", async () => {
    const rows = ['{"_id":"a","text":"x"}', '{"_id":2,"text":"x"}', '{"_id":"c"}', "{", '{"_id":"e","text":"x"}'];
    const dir = await tempDataset({ "dataset.yaml": yaml("test"), "corpus.jsonl": rows.join("\n") });
    const seen: string[] = [];
    const read = async () => {
      for await (const { id } of (await openDataset(dir)).passages()) seen.push(id);
    };
    const error = await read().catch((e: unknown) => e as DataError);
    expect((error as DataError).problems.map((p) => p.where.slice(dir.length + 1))).toEqual([
      "corpus.jsonl:2 /_id",
      "corpus.jsonl:3",
      "corpus.jsonl:4",
    ]);
    expect(seen).toEqual(["a"]);
  });

  it("say which file is missing", async () => {
    const dir = await tempDataset({ "dataset.yaml": yaml("test") });
    const read = openDataset(dir).then((d) => collect(d.passages()));
    await expect(read).rejects.toMatchObject({
      problems: [{ code: "E_DATASET_FILE", where: `${dir}/corpus.jsonl`, got: "ENOENT" }],
    });
  });
});

describe("queries", () => {
  const ids = async (dir: string, split: string) =>
    (await collect((await openDataset(dir)).queries(split))).map((q) => q.id);

  it("belong to the split they name and to the splits that judge them, in file order", async () => {
    expect(await ids(TINY, "test")).toEqual(["q1", "q2", "q3", "q4"]);
    expect(await ids(TINY, "train")).toEqual(["q5"]);
  });

  it("belong to a split by its documents or spans alone", async () => {
    const dir = await tempDataset({
      "dataset.yaml": yaml("a", "b", "c"),
      "queries.jsonl": ["x", "y", "z"].map((_id) => ({ _id, text: "?" })),
      "qrels/a.documents.tsv": qrels(["y", "d", 1]),
      "qrels/b.spans.jsonl": [{ query: "z", document: "d", start: 0, end: 1, grade: 1 }],
    });
    expect([await ids(dir, "a"), await ids(dir, "b"), await ids(dir, "c")]).toEqual([["y"], ["z"], []]);
  });

  it("carry what the row says", async () => {
    const [, , q3, q4] = await collect((await openDataset(TINY)).queries("test"));
    expect(q3?.history?.map((turn) => turn.role)).toEqual(["user", "assistant"]);
    expect(q4).toEqual({
      id: "q4",
      text: "Is there a crane at Lowmouth?",
      answerable: false,
      tags: ["unanswerable"],
      split: "test",
    });
  });

  it("of an unknown split are refused with the nearest name", async () => {
    await expect(ids(TINY, "tset")).rejects.toMatchObject({
      problems: [{ code: "E_DATASET_SPLIT", expected: "one of the splits train, test", fix: 'did you mean "test"?' }],
    });
    await expect(ids(TINY, "../../etc/passwd")).rejects.toBeInstanceOf(DataError);
  });
});

describe("judgements", () => {
  const judgements = async (dir: string, split: string, level: "passage" | "document") =>
    (await openDataset(dir)).judgements(split, level);
  const plain = (map: Awaited<ReturnType<typeof judgements>>) => [...map].map(([q, grades]) => [q, [...grades]]);

  it("of passages are those of the qrels, grade 0 too", async () => {
    expect(plain(await judgements(TINY, "test", "passage"))).toEqual([
      [
        "q1",
        [
          ["tides-1", 2],
          ["tides-2", 0],
        ],
      ],
      ["q2", [["fees-1", 2]]],
      ["q3", [["fees-2", 1]]],
    ]);
  });

  it("of documents are the best of their passages where there is no file of their own", async () => {
    expect(plain(await judgements(TINY, "test", "document"))).toEqual([
      ["q1", [["harbour/tides", 2]]],
      ["q2", [["harbour/fees", 2]]],
      ["q3", [["harbour/fees", 1]]],
    ]);
  });

  it("of both levels come from spans where there are no qrels", async () => {
    expect(plain(await judgements(TINY, "train", "passage"))).toEqual([["q5", [["tides-2", 2]]]]);
    expect(plain(await judgements(TINY, "train", "document"))).toEqual([["q5", [["harbour/tides", 2]]]]);
  });

  it("of documents come from their own file where there is one", async () => {
    const dir = await tempDataset({
      "dataset.yaml": yaml("test"),
      "corpus.jsonl": [{ _id: "p", text: "t", document: "d" }],
      "qrels/test.tsv": qrels(["q", "p", 1]),
      "qrels/test.documents.tsv": "query-id\tdocument-id\tscore\r\nq\te\t3\r\n",
    });
    expect(plain(await judgements(dir, "test", "document"))).toEqual([["q", [["e", 3]]]]);
  });

  it("are empty for a split without any", async () => {
    const dir = await tempDataset({ "dataset.yaml": yaml("test"), "corpus.jsonl": [] });
    expect((await judgements(dir, "test", "passage")).size).toBe(0);
    expect((await judgements(dir, "test", "document")).size).toBe(0);
  });
});

describe("any ids and texts", () => {
  const id = fc.oneof(
    fc.constantFrom("__proto__", "constructor", "../../x", "😀", "a b", " ", "\u001b[31m", "\u2028"),
    fc.string({ unit: "grapheme", minLength: 1 }).filter((s) => !/[\t\n\r]/.test(s)),
  );

  it("are read back as they were written, in order", async () => {
    const row = fc.record({ text: fc.string({ unit: "grapheme" }), title: fc.option(fc.string(), { nil: undefined }) });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(id, { maxLength: 8 }),
        fc.array(row, { minLength: 8, maxLength: 8 }),
        async (ids, rows) => {
          const corpus = ids.map((_id, i) => ({ _id, ...rows[i] }));
          const queries = ids.map((_id, i) => ({ _id, text: rows[i]!.text }));
          const dir = await tempDataset({
            "dataset.yaml": yaml("test"),
            "corpus.jsonl": corpus,
            "queries.jsonl": queries,
            "qrels/test.tsv": qrels(...ids.map((x, i) => [x, ids[(i + 1) % ids.length]!, i] as const)),
          });
          const dataset = await openDataset(dir);
          expect(await collect(dataset.passages())).toEqual(
            JSON.parse(JSON.stringify(corpus.map(({ _id, ...rest }) => ({ id: _id, ...rest, document: _id })))),
          );
          expect((await collect(dataset.queries("test"))).map((q) => [q.id, q.text])).toEqual(
            queries.map((q) => [q._id, q.text]),
          );
          const judged = await dataset.judgements("test", "passage");
          expect([...judged].map(([q, g]) => [q, ...[...g].flat()])).toEqual(
            ids.map((x, i) => [x, ids[(i + 1) % ids.length]!, i]),
          );
          expect(Object.prototype).not.toHaveProperty("polluted");
        },
      ),
      { numRuns: 25 },
    );
  });
});

it("a judgement that contradicts an earlier one of its pair is refused, not merged into the higher grade", async () => {
  const dir = await tempFolder({
    "corpus.jsonl": '{"_id":"p1","text":"one"}\n',
    "queries.jsonl": '{"_id":"q1","text":"?"}\n',
    "qrels/test.tsv": "query-id\tcorpus-id\tscore\nq1\tp1\t0\nq1\tp1\t2\n",
  });
  const dataset = await openDataset(dir);
  await expect(dataset.judgements("test", "passage")).rejects.toThrow(/E_DATASET_DUPLICATE[\s\S]*grade 2 after 0/);
});
