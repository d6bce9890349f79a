import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { sha256 } from "../lib/hash.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { layoutOf } from "./layout.ts";
import { type Content, qrels, tempDataset } from "./testing/temp-dataset.ts";

const BASE: Readonly<Record<string, Content>> = {
  "dataset.yaml": "id: d\nsplits: [test]\n",
  "corpus.jsonl": '{"_id":"a","text":"x"}\n\n{"_id":"b","text":"y"}',
  "queries.jsonl": '{"_id":"q","text":"?"}\n \r\n',
  "qrels/test.tsv": qrels(["q", "a", 1]),
};
const of = async (files: Readonly<Record<string, Content>>) => fingerprintOf(layoutOf(await tempDataset(files)));

describe("fingerprintOf", () => {
  it("counts the rows that hold something and hashes the corpus alone for the index", async () => {
    const fingerprint = await of(BASE);
    expect(fingerprint).toMatchObject({
      passages: 2,
      queries: 1,
      corpusSha256: sha256(BASE["corpus.jsonl"] as string),
    });
    expect(fingerprint.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it("is the same for the same files elsewhere", async () => {
    expect(await of(BASE)).toEqual(await of(BASE));
  });

  it.each<[string, Readonly<Record<string, Content>>]>([
    ["a passage", { "corpus.jsonl": [{ _id: "a", text: "z" }] }],
    ["a query", { "queries.jsonl": [{ _id: "q", text: "!" }] }],
    ["a grade", { "qrels/test.tsv": qrels(["q", "a", 2]) }],
    ["a further split", { "qrels/train.tsv": qrels(["q", "a", 1]) }],
    ["spans", { "qrels/test.spans.jsonl": [] }],
  ])("changes with %s", async (_name, change) => {
    expect((await of({ ...BASE, ...change })).sha256).not.toBe((await of(BASE)).sha256);
  });

  it("changes when a file is renamed", async () => {
    const { "qrels/test.tsv": rows, ...rest } = BASE;
    expect((await of({ ...rest, "qrels/dev.tsv": rows! })).sha256).not.toBe((await of(BASE)).sha256);
  });

  it("does not change with the card, the manifest or the source pages", async () => {
    const changed = {
      ...BASE,
      "dataset.yaml": "id: other\nsplits: [test]\n",
      "README.md": "card",
      "pages/a.md": "page",
    };
    expect((await of(changed)).sha256).toBe((await of(BASE)).sha256);
  });

  it("counts rows across the borders of what is read at once", async () => {
    const dir = await tempDataset(BASE);
    await writeFile(
      `${dir}/corpus.jsonl`,
      `${"x".repeat((1 << 20) - 1)}\n${"y".repeat(1 << 20)}\n\n${"z".repeat(1 << 20)}`,
    );
    expect((await fingerprintOf(layoutOf(dir))).passages).toBe(3);
  });

  it("says which file is missing", async () => {
    const { "queries.jsonl": _, ...rest } = BASE;
    await expect(of(rest)).rejects.toMatchObject({ code: "E_DATASET_FILE" });
  });
});
