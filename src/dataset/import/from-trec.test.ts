import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openDataset } from "../dataset.ts";
import { type Content, collect, tempDataset } from "../testing/temp-dataset.ts";
import type { TrecSource } from "./from-trec.ts";
import { importDataset } from "./import-dataset.ts";

const DOCS = `<DOC>
<DOCNO> FT-1 </DOCNO>
<TITLE>Tea &amp; coffee</TITLE>
<TEXT>
Tea is <b>hot</b>.
</TEXT>
<TEXT>It is 5 &lt; 6.</TEXT>
</DOC>
<DOC><DOCNO>FT-2</DOCNO><HEADLINE>Ice</HEADLINE><TEXT>Cold.</TEXT></DOC>
<DOC><DOCNO>FT-1</DOCNO><TEXT>again</TEXT></DOC>
<DOC><TEXT>no number</TEXT></DOC>
`;
const TOPICS = `<top>
<num> Number: 301
<title> hot drinks

<desc> Description:
Which drinks are hot?
<narr> Narrative: any
</top>

<top><num>302</num><title>cold</title></top>
`;
const QRELS = "301 0 FT-1 1\n301 0 FT-9 1\n302\tQ0\tFT-2\t-1\n999 0 FT-1 1\n301 0 FT-1 2\n";

async function imported(files: Readonly<Record<string, Content>>, more: Partial<TrecSource> = {}) {
  const dir = await tempDataset({ docs: DOCS, topics: TOPICS, qrels: QRELS, ...files });
  const source = {
    documents: [`${dir}/docs`],
    topics: `${dir}/topics`,
    qrels: [{ split: "test", path: `${dir}/qrels` }],
    ...more,
  };
  const result = await importDataset({ from: "trec", source, into: join(dir, "out") });
  return { ...result, dataset: await openDataset(result.dir) };
}

describe("importing a TREC collection", () => {
  it("reads SGML documents and topics, with title and text apart", async () => {
    const { dataset, counts, skipped } = await imported({});
    expect(counts).toEqual({ passages: 2, queries: 2, judgements: 2, documents: 0 });
    expect(await collect(dataset.passages())).toEqual([
      { id: "FT-1", title: "Tea & coffee", text: "Tea is  hot .\nIt is 5 < 6.", document: "FT-1" },
      { id: "FT-2", title: "Ice", text: "Cold.", document: "FT-2" },
    ]);
    expect((await collect(dataset.queries("test"))).map((q) => [q.id, q.text])).toEqual([
      ["301", "hot drinks"],
      ["302", "cold"],
    ]);
    expect(await dataset.judgements("test", "passage")).toEqual(
      new Map([
        ["301", new Map([["FT-1", 1]])],
        ["302", new Map([["FT-2", -1]])],
      ]),
    );
    expect(Object.fromEntries(skipped)).toEqual({
      "document id that an earlier document has": 1,
      "document without a usable id": 1,
      "judgement of an unknown passage": 1,
      "judgement of an unknown query": 1,
      "judgement that an earlier line gave": 1,
    });
  });

  it("takes the description as the question when asked to", async () => {
    const { dataset } = await imported({}, { topicField: "DESC" });
    expect((await collect(dataset.queries("test")))[0]?.text).toBe("Which drinks are hot?");
  });

  it("reads SMART records, numbers the queries by position, and goes on with a field that comes twice", async () => {
    const { dataset, notes } = await imported({
      docs: ".I 7\n.T\nTitle one\nand two\n.A\nsomeone\n.W\nText one\n two\n.B\nx\n.W\nmore .W here\n.I 8\n.T\n.W\n",
      topics: ".I 001\r\n.W\r\nfirst question\r\nsecond line .\r\n.I 004\r\n.W\r\nnext\r\n",
      qrels: "1 0 7 4\n2 0 8 0\n",
    });
    expect(await collect(dataset.passages())).toEqual([
      { id: "7", title: "Title one\nand two", text: "Text one\n two\nmore .W here", document: "7" },
      { id: "8", text: "", document: "8" },
    ]);
    expect((await collect(dataset.queries("test"))).map((q) => [q.id, q.text])).toEqual([
      ["1", "first question\nsecond line ."],
      ["2", "next"],
    ]);
    expect(notes).toEqual([expect.stringContaining("numbered by their position")]);
  });

  it("reads topics of one line each", async () => {
    const { dataset } = await imported({ topics: "301\thot drinks\n302\tcold\tones\n" });
    expect((await collect(dataset.queries("test"))).map((q) => q.text)).toEqual(["hot drinks", "cold\tones"]);
  });

  it("reads a file that is not UTF-8 as Latin-1 and says so", async () => {
    const { dataset, notes } = await imported({
      docs: Buffer.from("<DOC><DOCNO>FT-1</DOCNO><TEXT>caf\xe9</TEXT></DOC>\n", "latin1"),
    });
    expect((await collect(dataset.passages()))[0]?.text).toBe("café");
    expect(notes).toEqual([expect.stringContaining("read as Latin-1")]);
  });

  it("takes the id from the start tag where there is no DOCNO", async () => {
    const { dataset } = await imported({ docs: '<DOC id="FT-1" type="story">\n<TEXT>x</TEXT>\n</DOC>\n' });
    expect(await collect(dataset.passages())).toEqual([{ id: "FT-1", text: "x", document: "FT-1" }]);
  });

  it.each<[string, Readonly<Record<string, Content>>, object[]]>([
    [
      "a document without an end",
      { docs: "<DOC>\n<DOCNO>1</DOCNO>\n<DOC>\n</DOC>\n" },
      [{ code: "E_IMPORT_FORMAT", where: expect.stringMatching(/docs:1$/) }],
    ],
    [
      "a file that was cut off",
      { docs: `${DOCS}<DOC>\n<DOCNO>FT-3` },
      [{ code: "E_IMPORT_FORMAT", where: expect.stringMatching(/docs:12$/) }],
    ],
    ["documents of another form", { docs: "id,text\n" }, [{ code: "E_IMPORT_FORMAT", got: '"id,text"' }]],
    ["topics of another form", { topics: "what is tea\n" }, [{ code: "E_IMPORT_FORMAT" }]],
    [
      "qrels with wrong lines",
      { qrels: "301 0 FT-1 1\n301 FT-1 1\n301 0 FT-1 x\n" },
      [{ where: expect.stringMatching(/qrels:2$/) }, { where: expect.stringMatching(/qrels:3$/) }],
    ],
  ])("refuses %s", async (_name, files, problems) => {
    await expect(imported(files)).rejects.toMatchObject({ problems });
  });
});
