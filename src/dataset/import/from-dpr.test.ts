import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { checkDataset } from "../check/check-dataset.ts";
import { openDataset } from "../dataset.ts";
import { type Content, collect, tempDataset } from "../testing/temp-dataset.ts";
import { importDataset } from "./import-dataset.ts";

const context = (title: string, text: string, id?: string | number) => ({ title, text, score: 1, passage_id: id });
const RECORDS = [
  {
    dataset: "nq_dev",
    question: "who invented tea",
    answers: ["Shennong"],
    positive_ctxs: [context("Tea", "Shennong, they say.", "11"), context("Tea", "Shennong again.", "12")],
    negative_ctxs: [context("Ice", "Cold.", "21")],
    hard_negative_ctxs: [context("Coffee", "Not tea.", "31")],
  },
  { question: "what is ice", answers: ["water"], positive_ctxs: [context("Ice", "Cold.", "21")], negative_ctxs: [] },
  { question: "__proto__", answers: [], positive_ctxs: [context("", "No id.")], hard_negative_ctxs: [] },
];

async function imported(content: Content, name = "biencoder-nq-dev.json") {
  const dir = await tempDataset({ [name]: content });
  const result = await importDataset({
    from: "dpr",
    source: [{ split: "dev", path: join(dir, name) }],
    into: join(dir, "out"),
  });
  return { ...result, dataset: await openDataset(result.dir) };
}

describe("importing DPR's relevance files", () => {
  it("judges positive passages and keeps negatives and passage ids", async () => {
    const { dataset, counts, dir } = await imported(JSON.stringify(RECORDS));
    expect(counts).toEqual({ passages: 5, queries: 3, judgements: 4, documents: 0 });
    const [tea, ice, proto] = await collect(dataset.queries("dev"));
    expect(tea).toMatchObject({
      text: "who invented tea",
      answers: ["Shennong"],
      document: "Tea",
      metadata: { dataset: "nq_dev", hard_negatives: ["31"], negatives: ["21"] },
    });
    const judged = await dataset.judgements("dev", "passage");
    expect([...judged.get(tea!.id)!.keys()]).toEqual(["11", "12"]);
    expect([...judged.get(ice!.id)!.keys()]).toEqual(["21"]);
    expect([...judged.get(proto!.id)!.keys()]).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/)]);
    expect((await dataset.judgements("dev", "document")).get(tea!.id)).toEqual(new Map([["Tea", 1]]));
    expect((await checkDataset(dir)).problems).toEqual([]);
  });

  it("reads lines, an array and a compressed array alike", async () => {
    const prints = [
      await imported(RECORDS, "dev.jsonl"),
      await imported(JSON.stringify(RECORDS, null, 1)),
      await imported(gzipSync(JSON.stringify(RECORDS)), "biencoder-nq-dev.json.gz"),
    ];
    const [lines, array, packed] = await Promise.all(prints.map(({ dataset }) => dataset.fingerprint()));
    expect(array).toEqual(lines);
    expect(packed).toEqual(lines);
  });

  it("names the record and the field that is wrong", async () => {
    const bad = [RECORDS[0], { question: 3, positive_ctxs: [{ title: "x" }] }, { question: "q" }];
    await expect(imported(JSON.stringify(bad))).rejects.toMatchObject({
      problems: [
        { where: expect.stringMatching(/dev\.json \/1\/question$/) },
        { where: expect.stringMatching(/dev\.json \/1\/positive_ctxs\/0$/) },
        { where: expect.stringMatching(/dev\.json \/2$/) },
      ],
    });
  });
});
