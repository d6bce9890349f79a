import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { datasetProblems } from "../check/check-dataset.ts";
import { openDataset } from "../dataset.ts";
import { collect, qrels, tempDataset } from "../testing/temp-dataset.ts";
import type { ChunkSettings } from "./chunk-settings.ts";
import { type RechunkOptions, rechunk } from "./rechunk.ts";

const PAGE = "# Returns\n\nYou may return an item. Within thirty days.\n\n## Fees\n\nNone at all 😀 here.\n";
const spanOf = (text: string) => {
  const start = Array.from(PAGE.slice(0, PAGE.indexOf(text))).length;
  return { document: "returns", start, end: start + Array.from(text).length, text };
};
const FILES = {
  "dataset.yaml": "id: shop\ntitle: A shop\nsplits: [test]\ndocuments: pages\nprovenance: by hand\n",
  "pages/returns.md": PAGE,
  "pages/not-part-of-it.md": "Other.",
  "corpus.jsonl": [{ _id: "old", text: PAGE, document: "returns", start: 0, end: 88 }],
  "queries.jsonl": [
    { _id: "q1", text: "How long?", answers: ["thirty days"], document: "returns" },
    { _id: "q2", text: "What fees?", metadata: { hard_negatives: ["old"], source: "kept" } },
  ],
  "qrels/test.spans.jsonl": [
    { query: "q1", ...spanOf("return an item. Within thirty days"), grade: 2 },
    { query: "q2", ...spanOf("None at all 😀"), grade: 1 },
  ],
  "qrels/test.documents.tsv": qrels(["q1", "returns", 1]),
};
const settings: ChunkSettings = { unit: "words", size: 8 };

async function cut(files: Parameters<typeof tempDataset>[0], options: Partial<RechunkOptions> = {}) {
  const into = options.into ?? join(await tempFolder(), "new");
  const result = await rechunk({ dataset: await tempDataset(files), settings, ...options, into });
  return { into, result, made: await openDataset(into) };
}

const problems = async (dir: string) => (await collect(datasetProblems(dir))).map((p) => p.code);

describe("rechunk", () => {
  it("cuts the documents anew and keeps queries, spans and document judgements", async () => {
    const { into, result, made } = await cut(FILES);
    expect((await collect(made.passages())).map((p) => [p.id, p.title, p.text])).toEqual([
      ["returns#1", "Returns", "# Returns\n\nYou may return an item. "],
      ["returns#2", "Returns", "Within thirty days.\n\n## Fees\n\nNone at all "],
      ["returns#3", "Returns > Fees", "😀 here."],
    ]);
    expect(await collect(made.spans("test"))).toEqual(FILES["qrels/test.spans.jsonl"]);
    expect((await collect(made.queries("test"))).map((q) => [q.id, q.answers, q.metadata])).toEqual([
      ["q1", ["thirty days"], undefined],
      ["q2", undefined, { source: "kept" }],
    ]);
    expect(await readFile(join(into, "qrels/test.documents.tsv"), "utf8")).toBe(FILES["qrels/test.documents.tsv"]);
    expect(result.notes).toEqual(["hard negatives of queries left out, 1 times: they name old passages"]);
    expect(await problems(into)).toEqual([]);
  });

  it("says in dataset.yaml how it was cut, and from what", async () => {
    const { into } = await cut(FILES);
    const source = await openDataset(await tempDataset(FILES));
    expect(parse(await readFile(join(into, "dataset.yaml"), "utf8"))).toEqual({
      id: "new",
      title: "A shop",
      splits: ["test"],
      documents: "documents.jsonl",
      chunking: expect.objectContaining({ unit: "words", size: 8, overlap: 0 }),
      provenance: {
        cut_from: { dataset: "shop", sha256: (await source.fingerprint()).sha256 },
        rule: "lenient",
        provenance: "by hand",
      },
    });
  });

  it("makes the qrels from the spans by the rule, and counts what either rule finds", async () => {
    const lenient = await cut(FILES);
    expect(lenient.result.splits.get("test")).toEqual({ spans: 2, lenient: 2, strict: 0 });
    const grades = async (made: typeof lenient.made, rule?: "strict" | "lenient") =>
      [...(await made.judgements("test", "passage", rule))].map(([q, g]) => [q, ...g]);
    expect(await grades(lenient.made)).toEqual([
      ["q1", ["returns#2", 2]],
      ["q2", ["returns#2", 1]],
    ]);
    expect(await grades(lenient.made, "strict")).toEqual([]);

    const strict = await cut(FILES, { rule: "strict", settings: { unit: "words", size: 12, overlap: 6 } });
    expect(strict.result.splits.get("test")).toEqual({ spans: 2, lenient: 2, strict: 2 });
    expect(await grades(strict.made)).toEqual(await grades(strict.made, "strict"));
  });

  it("gives the same corpus again when a cut dataset is cut in the same way", async () => {
    const first = await cut(FILES);
    const again = join(await tempFolder(), "again");
    await rechunk({ dataset: first.into, into: again, settings });
    for (const file of ["corpus.jsonl", "documents.jsonl", "queries.jsonl", "qrels/test.tsv"]) {
      expect(await readFile(join(again, file), "utf8")).toBe(await readFile(join(first.into, file), "utf8"));
    }
  });

  it("turns judged passages into spans, and names those that are not in their document", async () => {
    const { "qrels/test.spans.jsonl": _, ...rest } = FILES;
    const corpus = [
      { _id: "p1", text: " You may return an item.\n", document: "returns" },
      { _id: "p2", text: "None at all 😀", document: "returns" },
      { _id: "p3", text: "Reworded.", document: "returns" },
    ];
    const judged = qrels(["q1", "p1", 2], ["q1", "p3", 1], ["q2", "p2", 1]);
    const { result, made } = await cut({ ...rest, "corpus.jsonl": corpus, "qrels/test.tsv": judged });
    const { text: _a, ...one } = spanOf("You may return an item.");
    const { text: _b, ...two } = spanOf("None at all 😀");
    expect(await collect(made.spans("test"))).toEqual([
      { query: "q1", ...one, grade: 2 },
      { query: "q2", ...two, grade: 1 },
    ]);
    expect(result.lost).toEqual([{ split: "test", query: "q1", passage: "p3" }]);
  });

  it("puts passages together again where there are no documents", async () => {
    const { result, made, into } = await cut(
      {
        "corpus.jsonl": [
          { _id: "a", title: "A", text: "one two three", document: "d" },
          { _id: "x", text: "alone" },
          { _id: "b", text: "four five", document: "d" },
        ],
        "queries.jsonl": [{ _id: "q", text: "?" }],
        "qrels/test.tsv": qrels(["q", "b", 1]),
      },
      { settings: { unit: "words", size: 4 } },
    );
    expect((await collect(made.passages())).map((p) => [p.id, p.title, p.text])).toEqual([
      ["d#1", "A", "one two three\n\n"],
      ["d#2", "A", "four five"],
      ["x#1", undefined, "alone"],
    ]);
    expect([...(await made.judgements("test", "passage"))]).toEqual([["q", new Map([["d#2", 1]])]]);
    expect(result.notes).toEqual(["the dataset names no documents: its passages were put together again"]);
    expect(await problems(into)).toEqual([]);
  });

  it("refuses a dataset whose documents lack one, and leaves nothing behind", async () => {
    const files = { ...FILES, "corpus.jsonl": [{ _id: "old", text: "x", document: "gone" }] };
    await expect(cut(files)).rejects.toMatchObject({ code: "E_DATASET_DOCUMENT" });
  });

  it("refuses settings that contradict themselves, and a folder that is taken", async () => {
    await expect(cut(FILES, { settings: { unit: "words", size: 2, overlap: 2 } })).rejects.toThrow("overlap");
    const { into } = await cut(FILES);
    await expect(cut(FILES, { into })).rejects.toMatchObject({ code: "E_DATASET_EXISTS" });
    expect((await cut(FILES, { into, force: true })).result.passages).toBe(3);
  });

  it("refuses a document id that a qrels file cannot hold", async () => {
    const files = {
      "corpus.jsonl": [{ _id: "a", text: "x", document: "d\te" }],
      "queries.jsonl": [],
      "qrels/test.tsv": qrels(),
    };
    await expect(cut(files)).rejects.toMatchObject({ code: "E_DATASET_ID" });
  });
});
