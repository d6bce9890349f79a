import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { checkDataset } from "../check/check-dataset.ts";
import { openDataset } from "../dataset.ts";
import { fitsQrels } from "../read-qrels.ts";
import { collect, qrels, tempDataset } from "../testing/temp-dataset.ts";
import { importDataset } from "./import-dataset.ts";

const BEIR = {
  "corpus.jsonl": [
    { _id: "p1", title: "Water", text: "It boils at 100 degrees.", url: "https://x/1", metadata: { lang: "en" } },
    { _id: 2, title: null, text: "Ice melts at 0 degrees." },
    { _id: "p1", text: "again" },
  ],
  "queries.jsonl": [
    { _id: "q1", text: "When does water boil?", metadata: {}, answers: ["100 degrees"] },
    { _id: "q2", text: "When does ice melt?", query_type: "lookup" },
  ],
  "qrels/test.tsv": qrels(["q1", "p1", 2], ["q1", "gone", 1], ["gone", "p1", 1]),
  "qrels/dev.tsv": qrels(["q2", "2", 1]),
} as const;

describe("importDataset", () => {
  it("copies a BEIR folder: ids kept, keys of other tools moved into metadata, what dangles counted", async () => {
    const into = join(await tempFolder(), "boil");
    const result = await importDataset({
      from: "beir",
      source: await tempDataset(BEIR),
      into,
      title: "Boiling",
      license: "CC0-1.0",
    });
    expect(result).toEqual({
      dir: into,
      counts: { passages: 2, queries: 2, judgements: 2, documents: 0 },
      notes: [],
      skipped: new Map([
        ["id that an earlier row has", 1],
        ["judgement of an unknown passage", 1],
        ["judgement of an unknown query", 1],
      ]),
    });
    const dataset = await openDataset(into);
    expect([dataset.id, dataset.title, dataset.splits]).toEqual(["boil", "Boiling", ["dev", "test"]]);
    expect(await collect(dataset.passages())).toEqual([
      {
        id: "p1",
        title: "Water",
        text: "It boils at 100 degrees.",
        document: "p1",
        metadata: { lang: "en", url: "https://x/1" },
      },
      { id: "2", text: "Ice melts at 0 degrees.", document: "2" },
    ]);
    expect(await collect(dataset.queries("dev"))).toEqual([
      { id: "q2", text: "When does ice melt?", metadata: { query_type: "lookup" } },
    ]);
    expect(await dataset.judgements("test", "passage")).toEqual(new Map([["q1", new Map([["p1", 2]])]]));
    expect((await checkDataset(into)).problems).toEqual([]);
  });

  it("reads back equal what a BEIR folder holds, whatever its ids and texts, and passes the check", async () => {
    const id = fc.oneof(
      fc.constantFrom("__proto__", "toString", "../../x", "😀", "\u0001", "a b"),
      fc.string({ unit: "grapheme", minLength: 1 }),
    );
    const ids = fc.uniqueArray(id.filter(fitsQrels), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        ids,
        fc.array(fc.string({ unit: "grapheme" }), { minLength: 6, maxLength: 6 }),
        async (names, texts) => {
          const rows = names.map((_id, i) => ({ _id, text: `x${texts[i]}` }));
          const grades = names.map((name, i) => [name, names[(i * 5 + 1) % names.length]!, i + 1] as const);
          const source = await tempDataset({
            "corpus.jsonl": rows,
            "queries.jsonl": rows,
            "qrels/test.tsv": qrels(...grades),
          });
          const { dir, skipped } = await importDataset({ from: "beir", source, into: join(source, "out") });
          const dataset = await openDataset(dir);
          expect(skipped.size).toBe(0);
          expect((await collect(dataset.passages())).map((p) => ({ _id: p.id, text: p.text }))).toEqual(rows);
          expect((await collect(dataset.queries("test"))).map((q) => ({ _id: q.id, text: q.text }))).toEqual(rows);
          const judged = await dataset.judgements("test", "passage");
          expect([...judged].map(([query, g]) => [query, ...[...g][0]!])).toEqual(grades);
          expect((await checkDataset(dir)).problems).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("writes a corpus much larger than its buffer", async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => ({ _id: `p${i}`, text: `${i} ${"é".repeat(300)}` }));
    const source = await tempDataset({ "corpus.jsonl": rows, "queries.jsonl": [], "qrels/test.tsv": qrels() });
    const { dir, counts } = await importDataset({ from: "beir", source, into: join(source, "out") });
    expect(counts.passages).toBe(3000);
    expect(await readFile(join(dir, "corpus.jsonl"), "utf8")).toBe(
      await readFile(join(source, "corpus.jsonl"), "utf8"),
    );
  });

  it("takes the three files of BEIR wherever they lie", async () => {
    const dir = await tempDataset({
      "a.jsonl": BEIR["corpus.jsonl"],
      "b.jsonl": BEIR["queries.jsonl"],
      "c.tsv": BEIR["qrels/dev.tsv"],
    });
    const source = {
      corpus: `${dir}/a.jsonl`,
      queries: `${dir}/b.jsonl`,
      qrels: [{ split: "train", path: `${dir}/c.tsv` }],
    };
    await importDataset({ from: "beir", source, into: `${dir}/out` });
    expect((await openDataset(`${dir}/out`)).splits).toEqual(["train"]);
  });

  it("writes where the files came from, by name and hash and not by path", async () => {
    const source = await tempDataset(BEIR);
    const into = join(await tempFolder(), "d");
    await importDataset({ from: "beir", source, into });
    const yaml = await readFile(join(into, "dataset.yaml"), "utf8");
    expect(yaml).toMatch(/format: beir\n {2}files:\n {4}- file: corpus\.jsonl\n {6}sha256: [0-9a-f]{64}/);
    expect(yaml).not.toContain(source);
  });

  it("gives the same bytes every time", async () => {
    const source = await tempDataset(BEIR);
    const dir = await tempFolder();
    const prints = [];
    for (const name of ["a/d", "b/d"]) {
      await importDataset({ from: "beir", source, into: join(dir, name) });
      prints.push(
        await (await openDataset(join(dir, name))).fingerprint(),
        await readFile(join(dir, name, "dataset.yaml"), "utf8"),
      );
    }
    expect(prints.slice(0, 2)).toEqual(prints.slice(2));
  });

  it("leaves nothing behind when the source is bad, and lists its problems", async () => {
    const source = await tempDataset({
      ...BEIR,
      "queries.jsonl": '{"_id":"a"}\n{"_id":"b","text":"x","answers":"y"}\n{"_id":"c","te',
    });
    const dir = await tempFolder();
    const error = await importDataset({ from: "beir", source, into: join(dir, "d") }).catch((e: unknown) => e);
    expect(error).toMatchObject({
      problems: [
        { where: `${source}/queries.jsonl:1`, fix: expect.stringContaining('add "text"') },
        { where: `${source}/queries.jsonl:2 /answers` },
        { where: `${source}/queries.jsonl:3`, code: "E_DATASET_JSON" },
      ],
    });
    expect(await readdir(dir)).toEqual([]);
  });

  it("refuses a folder that holds something, unless told to replace it", async () => {
    const source = await tempDataset(BEIR);
    const into = join(await tempFolder(), "d");
    await mkdir(into);
    await writeFile(join(into, "notes.txt"), "mine");
    await expect(importDataset({ from: "beir", source, into })).rejects.toMatchObject({ code: "E_DATASET_EXISTS" });
    expect(await readdir(into)).toEqual(["notes.txt"]);
    await importDataset({ from: "beir", source, into, force: true });
    expect(await readdir(into)).toEqual(["corpus.jsonl", "dataset.yaml", "qrels", "queries.jsonl"]);
    expect(await readdir(join(into, ".."))).toEqual(["d"]);
  });

  it("keeps the folder it should replace when the source is bad", async () => {
    const into = await tempDataset({ "notes.txt": "mine" });
    await expect(importDataset({ from: "beir", source: await tempFolder(), into, force: true })).rejects.toMatchObject({
      code: "E_DATASET_FILE",
    });
    expect(await readdir(into)).toEqual(["notes.txt"]);
  });

  it("refuses split names that are no file names", async () => {
    const dir = await tempFolder();
    const source = [{ split: "../x", path: join(dir, "a.json") }];
    await expect(importDataset({ from: "squad2", source, into: join(dir, "d") })).rejects.toMatchObject({
      code: "E_DATASET_SPLIT",
    });
  });
});
