import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { openDataset } from "../dataset.ts";
import { importDataset } from "../import/import-dataset.ts";
import { fitsQrels } from "../read-qrels.ts";
import { collect, qrels, tempDataset } from "../testing/temp-dataset.ts";
import { DATASET_EXPORTS, type DatasetExport, exportDataset } from "./export-dataset.ts";

const FILES = {
  "dataset.yaml": "id: tea\ntitle: All of tea\nlicense: CC0-1.0\nsplits: [test, dev]\n",
  "corpus.jsonl": [
    {
      _id: "p1",
      title: "Tea",
      text: 'It is "hot",\nthey say.',
      document: "d1",
      start: 0,
      end: 20,
      metadata: { n: [1] },
    },
    { _id: "p2", text: "=HYPERLINK(1)", document: "d1" },
    { _id: "p3", title: '"Weird Al"', text: "C:\\new\tx", document: "d3" },
    { _id: "p4", title: "", text: "" },
  ],
  "queries.jsonl": [
    {
      _id: "q1",
      text: "What?",
      answers: ["it's", 'a "b"', "two\nlines"],
      answerable: true,
      tags: ["lookup"],
      split: "test",
    },
    { _id: "q2", text: "-1+1", answerable: false, history: [{ role: "user", content: "'=x" }], split: "test" },
    { _id: "q3", text: "Who?", document: "d3", metadata: { __x: null } },
    { _id: "q4", text: "nobody's" },
  ],
  "qrels/test.tsv": qrels(["q1", "p1", 2], ["q1", "p2", 0]),
  "qrels/dev.tsv": qrels(["q3", "p3", 1]),
  "qrels/dev.documents.tsv": qrels(["q3", "d3", 3]).replace("corpus", "document"),
  "qrels/test.spans.jsonl": [{ query: "q1", document: "d1", start: 0, end: 5, grade: 1, text: "It is" }],
};

async function exported(as: DatasetExport, more: object = {}, files: Parameters<typeof tempDataset>[0] = FILES) {
  const dir = await tempDataset(files);
  const into = join(await tempFolder(), "out");
  const result = await exportDataset({ dir, as, into, ...more });
  return { ...result, into, dir, text: (name: string) => readFile(join(into, name), "utf8") };
}

describe("exportDataset", () => {
  it.each(["csv", "parquet", "jsonl"] as const)("reads back equal what it wrote as %s", async (as) => {
    const { into, dir, files } = await exported(as);
    expect(files).toEqual([`corpus.${as}`, "export.json", `qrels.${as}`, `queries.${as}`, `spans.${as}`]);
    const back = await importDataset({ from: "tables", source: into, into: join(await tempFolder(), "back") });
    expect(back.counts).toEqual({ passages: 4, queries: 4, judgements: 5, documents: 0 });
    const [before, after] = [await openDataset(dir), await openDataset(back.dir)];
    expect((await after.fingerprint()).corpusSha256).toBe((await before.fingerprint()).corpusSha256);
    expect(await after.fingerprint()).toEqual(await before.fingerprint());
    expect(after.splits).toEqual(before.splits);
  });

  it("reads back equal any ids and texts, in every form of table", async () => {
    const id = fc.oneof(
      fc.constantFrom("__proto__", "../../x", "=1", "'=1", "a b"),
      fc.string({ unit: "grapheme", minLength: 1 }),
    );
    const nasty = fc.constantFrom(
      "",
      "=1",
      "'",
      "''=x",
      "+\t",
      "\r",
      '"',
      ",",
      "\r\n",
      "\\n",
      "[1]",
      "true",
      "3",
      "null",
      " ",
    );
    const text = fc.oneof(nasty, fc.string({ unit: "grapheme" }));
    const row = fc.record({ text, title: fc.option(text, { nil: undefined }), answers: fc.array(text), tag: text });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(id.filter(fitsQrels), { minLength: 1, maxLength: 5 }),
        fc.array(row, { minLength: 5, maxLength: 5 }),
        fc.constantFrom("csv", "parquet", "jsonl"),
        fc.constantFrom("escape", "keep"),
        async (ids, rows, as, formulas) => {
          const files = {
            "corpus.jsonl": ids.map((_id, i) => ({ _id, title: rows[i]?.title, text: rows[i]?.text })),
            "queries.jsonl": ids.map((_id, i) => ({
              _id,
              text: rows[i]?.text,
              answers: rows[i]?.answers,
              metadata: { [rows[i]?.tag ?? ""]: rows[i]?.tag },
            })),
            "qrels/test.tsv": qrels(...ids.map((q, i) => [q, ids[(i * 3 + 1) % ids.length]!, i - 1] as const)),
          };
          const { into, dir } = await exported(as as DatasetExport, { formulas }, files);
          const back = await importDataset({ from: "tables", source: into, into: join(await tempFolder(), "back") });
          const [before, after] = [await openDataset(dir), await openDataset(back.dir)];
          expect(await collect(after.passages())).toEqual(await collect(before.passages()));
          expect(await collect(after.queries("test"))).toEqual(await collect(before.queries("test")));
          expect(await after.judgements("test", "passage")).toEqual(await before.judgements("test", "passage"));
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each(["csv", "parquet", "jsonl"] as const)(
    "reads back a dataset without passages and judgements as %s",
    async (as) => {
      const files = {
        "dataset.yaml": "id: q\nsplits: [test]\n",
        "corpus.jsonl": "",
        "queries.jsonl": [{ _id: "q", text: "?", split: "test" }],
      };
      const { into, dir } = await exported(as, {}, files);
      const back = await importDataset({ from: "tables", source: into, into: join(await tempFolder(), "back") });
      expect(back.counts).toEqual({ passages: 0, queries: 1, judgements: 0, documents: 0 });
      expect(await (await openDataset(back.dir)).fingerprint()).toEqual(await (await openDataset(dir)).fingerprint());
    },
  );

  it("escapes formulas in CSV unless told to keep them", async () => {
    expect(await (await exported("csv")).text("corpus.csv")).toContain("p2,,'=HYPERLINK(1),d1");
    expect(await (await exported("csv", { formulas: "keep" })).text("corpus.csv")).toContain("p2,,=HYPERLINK(1),d1");
    const queries = await (await exported("csv")).text("queries.csv");
    expect(queries.split("\r\n").slice(0, 3)).toEqual([
      "_id,text,answers,answerable,tags,history,document,split,metadata",
      'q1,What?,"[""it\'s"",""a \\""b\\"""",""two\\nlines""]",true,"[""lookup""]",,,test,',
      `q2,'-1+1,,false,,"[{""role"":""user"",""content"":""'=x""}]",,test,`,
    ]);
  });

  it("copies BEIR as it is", async () => {
    const { dir, files, text } = await exported("beir");
    expect(files).toEqual([
      "corpus.jsonl",
      "qrels/dev.documents.tsv",
      "qrels/dev.tsv",
      "qrels/test.spans.jsonl",
      "qrels/test.tsv",
      "queries.jsonl",
    ]);
    for (const file of files) expect(await text(file)).toBe(await readFile(join(dir, file), "utf8"));
  });

  it("writes judgements as trec_eval reads them", async () => {
    const { files, text } = await exported("trec", { split: "dev" });
    expect(files).toEqual(["dev.documents.qrels", "dev.qrels", "dev.topics.tsv"]);
    expect([await text("dev.qrels"), await text("dev.documents.qrels"), await text("dev.topics.tsv")]).toEqual([
      "q3 0 p3 1\n",
      "q3 0 d3 3\n",
      "q3\tWho?\n",
    ]);
  });

  it("refuses ids that a TREC file cannot hold, all of them, and writes nothing", async () => {
    const files = { ...FILES, "qrels/test.tsv": qrels(["q1", "p 1", 1], ["q 1", "p1", 1]) };
    const into = join(await tempFolder(), "out");
    await expect(
      exportDataset({ dir: await tempDataset(files), as: "trec", into, split: "test" }),
    ).rejects.toMatchObject({
      code: "E_TREC_ID",
      problems: [{ got: '"p 1"' }, { got: '"q 1"' }],
    });
    expect(await readdir(join(into, ".."))).toEqual([]);
  });

  it("writes Hugging Face's files, line by line, and reads them back", async () => {
    const { into, notes, text } = await exported("hf");
    expect(await text("knowledge.tsv")).toBe(
      'Tea\tIt is "hot",\\nthey say.\nd1\t=HYPERLINK(1)\n"""Weird Al"""\tC:\\\\new\\tx\n\t\n',
    );
    expect(await text("test.questions")).toBe("What?\n-1+1\n");
    expect(await text("test.titles.tsv")).toBe("Tea\n\n");
    expect(await text("dev.titles.tsv")).toBe('"Weird Al"\n');
    expect(await text("test.qa.tsv")).toBe(`What?\t["it's", 'a "b"', 'two\\nlines']\n-1+1\t[]\n`);
    expect(notes).toEqual([expect.stringMatching(/^2 texts hold line breaks or tabs/)]);
    const questions = ["test", "dev"].map((split) => ({
      split,
      path: join(into, `${split}.questions`),
      titles: join(into, `${split}.titles.tsv`),
      answers: { path: join(into, `${split}.qa.tsv`), mode: "qa" as const },
    }));
    const source = { knowledge: join(into, "knowledge.tsv"), questions, escaped: true };
    const back = await importDataset({ from: "hf", source, into: join(await tempFolder(), "back") });
    const dataset = await openDataset(back.dir);
    expect((await collect(dataset.passages())).map((p) => p.text)).toEqual(FILES["corpus.jsonl"].map((p) => p.text));
    const [what] = await collect(dataset.queries("test"));
    expect(what?.answers).toEqual(FILES["queries.jsonl"][0]?.answers);
    expect((await dataset.judgements("test", "document")).get(what!.id)).toEqual(new Map([["Tea", 1]]));
  });

  it("gives of DPR's three records three questions and three lines of pages", async () => {
    const dir = await tempFolder();
    const record = (n: number) => ({
      question: `q${n}`,
      answers: [],
      positive_ctxs: [{ title: `t${n}`, text: "x", passage_id: `${n}` }],
    });
    await writeFile(join(dir, "dpr.json"), JSON.stringify([1, 2, 3].map(record)));
    await importDataset({ from: "dpr", source: [{ split: "dev", path: join(dir, "dpr.json") }], into: join(dir, "d") });
    await exportDataset({ dir: join(dir, "d"), as: "hf", into: join(dir, "hf") });
    expect(await readFile(join(dir, "hf/dev.questions"), "utf8")).toBe("q1\nq2\nq3\n");
    expect(await readFile(join(dir, "hf/dev.titles.tsv"), "utf8")).toBe("t1\nt2\nt3\n");
  });

  it("writes nothing where a row is bad or files stand there; with force only the same names are replaced", async () => {
    const bad = await tempDataset({ ...FILES, "queries.jsonl": '{"_id":"q1","text":"What?"}\n{"_id":3}\n' });
    const parent = await tempFolder();
    const into = join(parent, "out");
    for (const as of DATASET_EXPORTS.filter((form) => form !== "beir")) {
      await expect(exportDataset({ dir: bad, as, into })).rejects.toMatchObject({ code: "E_DATASET_ROW" });
    }
    expect(await readdir(parent)).toEqual([]);
    await mkdir(into);
    await writeFile(join(into, "mine.txt"), "mine");
    await writeFile(join(into, "qrels.csv"), "old");
    const dir = await tempDataset(FILES);
    await expect(exportDataset({ dir, as: "csv", into })).rejects.toMatchObject({ code: "E_EXPORT_EXISTS" });
    await exportDataset({ dir, as: "csv", into, force: true });
    expect(await readFile(join(into, "mine.txt"), "utf8")).toBe("mine");
    expect(await readFile(join(into, "qrels.csv"), "utf8")).toMatch(/^split,level/);
    await expect(exportDataset({ dir, as: "csv", into: "/dev/null/out" })).rejects.toMatchObject({
      code: "E_EXPORT_WRITE",
    });
  });

  it("refuses tables that were changed by hand into something else, with their place", async () => {
    const { into } = await exported("csv");
    await writeFile(
      join(into, "qrels.csv"),
      "split,level,query,target,grade\ntest,passage,q1,p1,high\ntest,page,q1,p1,1\n",
    );
    await expect(
      importDataset({ from: "tables", source: into, into: join(await tempFolder(), "b") }),
    ).rejects.toMatchObject({
      problems: [
        { where: expect.stringMatching(/qrels\.csv:2 \/grade$/) },
        { where: expect.stringMatching(/qrels\.csv:3 \/level$/) },
      ],
    });
    await writeFile(join(into, "export.json"), "{");
    await expect(
      importDataset({ from: "tables", source: into, into: join(await tempFolder(), "b") }),
    ).rejects.toMatchObject({
      code: "E_IMPORT_FORMAT",
    });
  });
});
