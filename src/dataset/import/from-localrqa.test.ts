import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkDataset } from "../check/check-dataset.ts";
import { openDataset } from "../dataset.ts";
import { openDocuments } from "../documents.ts";
import { type Content, collect, tempDataset } from "../testing/temp-dataset.ts";
import { importDataset } from "./import-dataset.ts";

const chunk = (source: string, page_content: string, more: object = {}) => ({
  page_content,
  fmt_content: `Source: ${source}\nTitle: T\nContent:\n${page_content}`,
  metadata: { source, title: "T", seq_num: 1, ...more },
});
const TEA = chunk("https://x/support/tea?ref=1", "Tea is hot.");
const SAME_TEXT = chunk("https://x/support/copy", "Tea is hot.");
const ICE = { ...chunk("https://x/support/ice", "Ice is cold."), fmt_content: "another form" };
const FILES: Readonly<Record<string, Content>> = {
  "passages.jsonl": [TEA, SAME_TEXT, ICE, TEA],
  "docs.jsonl": [
    { source: TEA.metadata.source, title: "Tea", text: "Tea is hot.", timestamp: 0 },
    { source: TEA.metadata.source, title: "Tea", text: "It is made with water." },
    { source: ICE.metadata.source, title: null, text: "Ice is cold." },
    { source: SAME_TEXT.metadata.source, text: "Tea is hot." },
  ],
  "test_w_qa.jsonl": [
    {
      question: "What is hot?",
      gold_docs: [TEA],
      hard_neg_docs: [ICE, SAME_TEXT],
      chat_history: [
        { speaker: "User", message: "Hello", source_documents: [] },
        { speaker: "Assistant", message: "Hi" },
      ],
      gold_answer: " Tea is hot.",
    },
    { question: "What is hot?", gold_docs: [TEA], gold_answer: "Tea" },
  ],
  "test_w_q.jsonl": [{ questions: ["never read"], gold_docs: [TEA] }],
  "train_w_q.jsonl": [{ questions: ["What is cold?", "Is ice cold?"], gold_docs: [ICE, ICE], chat_history: [] }],
};

async function imported(change: Readonly<Record<string, Content | undefined>> = {}) {
  const files = Object.entries({ ...FILES, ...change }).filter(
    (entry): entry is [string, Content] => entry[1] !== undefined,
  );
  const dir = await tempDataset(Object.fromEntries(files));
  const result = await importDataset({ from: "localrqa", source: dir, into: join(dir, "out") });
  return { ...result, dataset: await openDataset(result.dir) };
}

describe("importing LocalRQA", () => {
  it("knows a passage by source and text: one text under two sources is two, an exact copy is one", async () => {
    const { dataset, counts, skipped } = await imported();
    expect(counts).toEqual({ passages: 3, queries: 4, judgements: 4, documents: 3 });
    expect([...skipped]).toEqual([["passage that was there already (same source and text)", 1]]);
    const passages = await collect(dataset.passages());
    expect(passages[0]).toEqual({
      id: expect.stringMatching(/^tea-[0-9a-f]{16}$/),
      title: "T",
      text: "Tea is hot.",
      document: TEA.metadata.source,
      metadata: { seq_num: 1 },
    });
    expect(passages[1]?.id).not.toBe(passages[0]?.id);
    expect(passages[2]?.metadata).toEqual({ seq_num: 1, fmt_content: "another form" });
    expect((await checkDataset(dataset.dir)).problems).toEqual([]);
  });

  it("keeps answers trimmed, history, gold as judgements and hard negatives as ids", async () => {
    const { dataset } = await imported();
    const [tea, copy, ice] = (await collect(dataset.passages())).map((p) => p.id);
    const [first, second] = await collect(dataset.queries("test"));
    expect(first).toEqual({
      id: expect.stringMatching(/^what-is-hot-[0-9a-f]{16}$/),
      text: "What is hot?",
      answers: ["Tea is hot."],
      history: [
        { role: "user", content: "Hello" },
        { role: "assistant", content: "Hi" },
      ],
      document: TEA.metadata.source,
      split: "test",
      metadata: { hard_negatives: [ice, copy] },
    });
    expect(second?.id).toBe(`${first?.id}-2`);
    expect((await dataset.judgements("test", "passage")).get(first!.id)).toEqual(new Map([[tea, 1]]));
  });

  it("makes one query of each question of a row, and says that a split has no answers", async () => {
    const { dataset, notes } = await imported();
    expect((await collect(dataset.queries("train"))).map((q) => [q.text, q.answers])).toEqual([
      ["What is cold?", undefined],
      ["Is ice cold?", undefined],
    ]);
    expect(notes).toEqual([expect.stringMatching(/train_w_q\.jsonl has no reference answers$/)]);
  });

  it("joins the rows of one source to one document", async () => {
    const { dataset } = await imported();
    const documents = await openDocuments(dataset.dir, dataset.manifest);
    expect(await documents?.text(TEA.metadata.source)).toBe("Tea is hot.\n\nIt is made with water.");
    await documents?.close();
  });

  it("reads a JSON array under a .jsonl name, gives the same dataset, and says so", async () => {
    const lines = await imported();
    const array = await imported({
      "passages.jsonl": JSON.stringify(FILES["passages.jsonl"], null, 1),
      "test_w_qa.jsonl": `\ufeff ${JSON.stringify(FILES["test_w_qa.jsonl"])}`,
      "docs.jsonl": JSON.stringify(FILES["docs.jsonl"]),
    });
    expect(await array.dataset.fingerprint()).toEqual(await lines.dataset.fingerprint());
    expect(array.notes.filter((note) => note.includes("holds a JSON array"))).toHaveLength(3);
  });

  it("refuses a pickle with the reason and the way out", async () => {
    const change = { "passages.jsonl": undefined, "documents.pkl": "\x80\x04." };
    await expect(imported(change)).rejects.toMatchObject({
      problems: [
        {
          code: "E_IMPORT_PICKLE",
          got: expect.stringContaining("can run any code"),
          fix: expect.stringContaining("python3 -c"),
        },
      ],
    });
  });

  it("leaves out questions whose gold passage is not there", async () => {
    const { counts, skipped } = await imported({ "passages.jsonl": [TEA, SAME_TEXT] });
    expect(counts.queries).toBe(2);
    expect(skipped.get("question whose gold passage is not among the passages")).toBe(1);
  });

  it.each<[string, string, string]>([
    [
      "a line",
      '{"page_content":"x"}\n{"page_content":1,"metadata":{"source":"s"}}\n',
      "passages.jsonl:1,passages.jsonl:2 /page_content",
    ],
    [
      "an array",
      '[{"page_content":"x"},{"page_content":1,"metadata":{"source":"s"}}]',
      "passages.jsonl /0,passages.jsonl /1/page_content",
    ],
  ])("lists the bad rows of %s", async (_name, content, places) => {
    const error = (await imported({ "passages.jsonl": content }).catch((e: unknown) => e)) as {
      problems: { where: string }[];
    };
    expect(error.problems.map((p) => p.where.replace(/^.*\/passages/, "passages")).join()).toBe(places);
  });
});
