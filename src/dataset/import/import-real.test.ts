import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasShared, shared } from "../../lib/testing/shared.ts";
import { checkDataset } from "../check/check-dataset.ts";
import { type Dataset, openDataset } from "../dataset.ts";
import { describeDataset } from "../describe-dataset.ts";
import { openPassageStore } from "../passage-store.ts";
import { collect } from "../testing/temp-dataset.ts";
import { type ImportOptions, type ImportResult, type ImportSource, importDataset } from "./import-dataset.ts";

describe.skipIf(!hasShared)("published sets, imported", () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "published-"));
  });
  afterAll(() => rm(dir, { recursive: true }));

  async function imported(name: string, source: ImportSource): Promise<ImportResult & { dataset: Dataset }> {
    const result = await importDataset({ ...source, into: join(dir, name) } as ImportOptions);
    return { ...result, dataset: await openDataset(result.dir) };
  }

  describe("LocalRQA's Faire", () => {
    let result: Awaited<ReturnType<typeof imported>>;
    beforeAll(async () => {
      result = await imported("faire", { from: "localrqa", source: shared("data/localrqa-faire") });
    });

    it("has 1,757 distinct passages of 249 pages and 75, 73 and 575 questions with one gold passage each", async () => {
      expect(result.counts).toEqual({ passages: 1757, queries: 723, judgements: 723, documents: 249 });
      const { splits, documents, passages } = await describeDataset(result.dir);
      expect([passages, documents]).toEqual([1757, 249]);
      expect(splits.map(({ split, queries, judged, withAnswers }) => [split, queries, judged, withAnswers])).toEqual([
        ["eval", 73, 73, 73],
        ["test", 75, 75, 75],
        ["train", 575, 575, 575],
      ]);
    });

    it("passes the check; the questions that two splits share and the empty one are warnings", async () => {
      const { problems, counts } = await checkDataset(result.dir);
      expect(problems).toEqual([]);
      expect(counts.get("W_DATASET_LEAK")).toBe(4);
      expect(counts.get("W_DATASET_EMPTY")).toBe(1);
    });

    it("leads from every question to the text of its gold passage and of its hard negatives", async () => {
      const lines = (await readFile(shared("data/localrqa-faire/test_w_qa.jsonl"), "utf8")).trim().split("\n");
      const judged = await result.dataset.judgements("test", "passage");
      const store = await openPassageStore(result.dataset);
      const queries = await collect(result.dataset.queries("test"));
      for (const [i, query] of queries.entries()) {
        const row = JSON.parse(lines[i]!) as Record<"gold_docs" | "hard_neg_docs", { page_content: string }[]>;
        const ids = [...judged.get(query.id)!.keys(), ...(query.metadata!.hard_negatives as string[])];
        const texts = (await store.get(ids)).map((p) => p?.text);
        expect(texts).toEqual([...row.gold_docs, ...row.hard_neg_docs].map((d) => d.page_content));
      }
      await store.close();
      expect(queries).toHaveLength(75);
    });
  });

  describe("cranfield", () => {
    let result: Awaited<ReturnType<typeof imported>>;
    beforeAll(async () => {
      const file = (name: string) => shared(`data/cranfield/${name}`);
      const qrels = [{ split: "test", path: file("qrels.trec") }];
      result = await imported("cranfield", {
        from: "trec",
        source: { documents: [file("cran.all.1400")], topics: file("cran.qry"), qrels },
      });
    });

    it("has 1,400 documents, 225 queries and the judgements of its qrels", async () => {
      expect(result.counts).toEqual({ passages: 1400, queries: 225, judgements: 1837, documents: 0 });
      expect(await collect(result.dataset.queries("test"))).toHaveLength(225);
      const { splits } = await describeDataset(result.dir);
      expect([...splits[0]!.grades]).toEqual([
        [0, 225],
        [1, 363],
        [2, 734],
        [3, 387],
        [4, 128],
      ]);
    });

    it("passes the check; its two empty documents are warnings", async () => {
      const { problems, counts } = await checkDataset(result.dir);
      expect([problems, [...counts]]).toEqual([[], [["W_DATASET_EMPTY", 2]]]);
    });

    it("gives the 232,895 tokens that the reference tool read when title and text are joined by a line feed", async () => {
      let tokens = 0;
      for await (const { title = "", text } of result.dataset.passages()) {
        tokens += `${title}\n${text}`.toLowerCase().match(/\b\w\w+\b/g)?.length ?? 0;
      }
      expect(tokens).toBe(232_895);
    });
  });

  describe("SQuAD 2.0, half of dev", () => {
    let result: Awaited<ReturnType<typeof imported>>;
    beforeAll(async () => {
      const source = [{ split: "dev", path: shared("data/squad2-half-dev/dev-v2.0.json") }];
      result = await imported("squad2", { from: "squad2", source });
    });

    it("has 6,078 questions, 3,168 of them unanswerable, on 646 paragraphs of 16 articles", async () => {
      expect(result.counts).toEqual({ passages: 646, queries: 6078, judgements: 2910, documents: 16 });
      const { splits, documents } = await describeDataset(result.dir);
      expect(documents).toBe(16);
      expect(splits).toMatchObject([
        { split: "dev", queries: 6078, unanswerable: 3168, judged: 2910, withAnswers: 2910 },
      ]);
    });

    it("passes the check: every span fits its article, every answer is in its gold passage", async () => {
      expect(await checkDataset(result.dir)).toEqual({ problems: [], warnings: [], counts: new Map() });
    });
  });

  it("has the 71 questions of the RAFT chatbot recipe with their answers trimmed", async () => {
    const questions = [{ split: "test", path: shared("data/raft-eval-llama/eval_llama.json") }];
    const { counts, dataset } = await imported("raft", { from: "questions", source: { questions } });
    expect(counts).toEqual({ passages: 0, queries: 71, judgements: 0, documents: 0 });
    for await (const { answers } of dataset.queries("test")) expect(answers).toEqual([answers![0]!.trim()]);
    expect((await checkDataset(dataset.dir)).problems).toEqual([]);
  });
});
