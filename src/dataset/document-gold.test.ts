import { describe, expect, it } from "vitest";
import { openDataset } from "./dataset.ts";
import { documentGold } from "./document-gold.ts";
import { tempDataset } from "./testing/temp-dataset.ts";

const passage = (id: string, document: string) => ({ id, document, text: id });

describe("documentGold", () => {
  it("gives every judged document its passages, in their order, best grade first", async () => {
    const judgements = new Map([
      [
        "q1",
        new Map([
          ["a", 1],
          ["b", 2],
          ["gone", 2],
        ]),
      ],
      ["q2", new Map([["a", 0]])],
    ]);
    const passages = [passage("a#1", "a"), passage("b#1", "b"), passage("c#1", "c"), passage("a#2", "a")];
    const gold = await documentGold(judgements, passages);
    expect([...gold]).toEqual([
      [
        "q1",
        [
          ["b", 2, ["b#1"]],
          ["gone", 2, []],
          ["a", 1, ["a#1", "a#2"]],
        ],
      ],
      ["q2", [["a", 0, ["a#1", "a#2"]]]],
    ]);
  });

  it("takes ids of any text", async () => {
    const gold = await documentGold(new Map([["__proto__", new Map([["constructor", 1]])]]), [
      passage("p", "constructor"),
    ]);
    expect(gold.get("__proto__")).toEqual([["constructor", 1, ["p"]]]);
  });
});

describe("a dataset's documentGold", () => {
  const corpus = [
    { _id: "k#1", text: "One.", document: "k" },
    { _id: "k#2", text: "Two.", document: "k" },
    { _id: "alone", text: "Three." },
  ];
  const files = {
    "dataset.yaml": "id: d\nsplits: [test]\n",
    "corpus.jsonl": corpus.map((row) => `${JSON.stringify(row)}\n`).join(""),
    "queries.jsonl": '{"_id":"q","text":"?"}\n',
  };

  it("is of the document qrels where there are any", async () => {
    const qrels = "query-id\tdocument-id\tscore\nq\tk\t1\nq\talone\t2\n";
    const dataset = await openDataset(await tempDataset({ ...files, "qrels/test.documents.tsv": qrels }));
    expect([...(await dataset.documentGold("test"))]).toEqual([
      [
        "q",
        [
          ["alone", 2, ["alone"]],
          ["k", 1, ["k#1", "k#2"]],
        ],
      ],
    ]);
  });

  it("is of the documents of judged passages where there are none", async () => {
    const qrels = "query-id\tcorpus-id\tscore\nq\tk#2\t1\n";
    const dataset = await openDataset(await tempDataset({ ...files, "qrels/test.tsv": qrels }));
    expect([...(await dataset.documentGold("test"))]).toEqual([["q", [["k", 1, ["k#1", "k#2"]]]]]);
    await expect(dataset.documentGold("tset")).rejects.toMatchObject({ code: "E_DATASET_SPLIT" });
  });
});
