import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { describeDataset } from "./describe-dataset.ts";
import { tempDataset } from "./testing/temp-dataset.ts";

const TINY = fileURLToPath(new URL("../../fixtures/datasets/tiny", import.meta.url));

describe("describeDataset", () => {
  it("counts passages, documents, and per split what its queries have", async () => {
    const { splits, sha256, ...whole } = await describeDataset(TINY, { examples: 1 });
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(whole).toEqual({
      id: "tiny",
      title: "A very small dataset that uses every part of the format",
      version: "1",
      license: "CC0-1.0",
      language: "en",
      passages: 4,
      documents: 2,
      queries: 5,
      passageLengths: { n: 4, mean: 21, min: 18, p50: 21, p90: 24, p99: 24, max: 24 },
    });
    expect(splits).toHaveLength(2);
    expect(splits[1]).toEqual({
      split: "test",
      queries: 4,
      withAnswers: 3,
      withHistory: 1,
      unanswerable: 1,
      answerableShare: 0.75,
      judged: 3,
      grades: new Map([
        [0, 1],
        [1, 1],
        [2, 2],
      ]),
      questionLengths: { n: 4, mean: 9, min: 6, p50: 9, p90: 11, p99: 11, max: 11 },
      answerLengths: { n: 4, mean: 2, min: 2, p50: 2, p90: 2, p99: 2, max: 2 },
      tags: new Map([
        ["numeric", 2],
        ["follow-up", 1],
        ["lookup", 1],
        ["paraphrase", 1],
        ["unanswerable", 1],
      ]),
      examples: [
        {
          id: "q1",
          text: "How deep may a boat be to enter at low water?",
          answers: ["1.5 metres", "1.5 m"],
          answerable: true,
          gold: [{ id: "tides-1", grade: 2, text: expect.stringContaining("1.5 metres") }],
        },
      ],
    });
  });

  it("shows the gold that comes from spans", async () => {
    const { splits } = await describeDataset(TINY);
    expect(splits[0]).toMatchObject({
      split: "train",
      judged: 1,
      examples: [{ id: "q5", gold: [{ id: "tides-2", grade: 2 }] }],
    });
  });

  it("has no lengths and no share where there is nothing", async () => {
    const dir = await tempDataset({
      "dataset.yaml": "id: d\nsplits: [test]\n",
      "corpus.jsonl": [],
      "queries.jsonl": [],
    });
    const { passages, passageLengths, splits } = await describeDataset(dir);
    expect([passages, passageLengths]).toEqual([0, undefined]);
    expect(splits[0]).toMatchObject({
      queries: 0,
      answerableShare: undefined,
      questionLengths: undefined,
      examples: [],
    });
  });

  it("refuses a dataset with a bad row", async () => {
    const dir = await tempDataset({
      "dataset.yaml": "id: d\nsplits: [test]\n",
      "corpus.jsonl": "{",
      "queries.jsonl": [],
    });
    await expect(describeDataset(dir)).rejects.toMatchObject({ code: "E_DATASET_JSON" });
  });
});
