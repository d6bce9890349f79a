import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { BenchError } from "../../core/errors.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { buildForTest, systemOf } from "../testing/build-for-test.ts";
import { OUTSIDE } from "../testing/outside-corpus.ts";
import { describeRetriever } from "../testing/retriever-conformance.ts";

const signal = new AbortController().signal;
const row = (question: string, ...texts: string[]) =>
  JSON.stringify({
    question,
    gold_docs: [],
    retrieved_docs: texts.map((page_content) => ({ page_content, metadata: {} })),
  });

async function build(content: string) {
  const folder = await tempFolder({ "preds.jsonl": content });
  const retriever = { kind: "replay", file: "preds.jsonl", format: "localrqa" } as const;
  return buildForTest(systemOf({ retriever }, { file: join(folder, "system.yaml") }), OUTSIDE);
}

const TEXTS = OUTSIDE.map(({ text }) => text);
describeRetriever(
  "replay of LocalRQA's predictions",
  async () => {
    const hostile = "\u0000\u001b[2J <script> ../../x \u202e passages";
    const rows = [row("ranking of passages", ...TEXTS), row(hostile, TEXTS[1]!), row("scores")];
    return (await build(rows.join("\n"))).retriever!;
  },
  { stages: [], source: "replayed" },
);

describe("LocalRQA's predictions", () => {
  it("are found by question and text, whatever letter case and spaces", async () => {
    const system = await build(`${row("What is  a SCORE?", TEXTS[1]!.toUpperCase(), "gone", TEXTS[0]!)}\n\n`);
    const [ranking] = await system.retriever!.search([{ id: "q", text: "what is a score?" }], 5, signal);
    expect(ranking).toEqual([
      ["p2", 1],
      [expect.stringMatching(/^unknown:/), 1 / 2],
      ["p1", 1 / 3],
    ]);
    expect(system.notes()).toEqual([
      expect.stringContaining("preds.jsonl: 1 of 3 returned passages are not in the corpus"),
    ]);
  });

  it("may list documents as texts", async () => {
    const system = await build(JSON.stringify({ question: "q", retrieved_docs: [TEXTS[2]] }));
    expect(await system.retriever!.search([{ id: "q", text: "q" }], 5, signal)).toEqual([[["p3", 1]]]);
  });

  it("without a question fails that question", async () => {
    const system = await build(row("q", TEXTS[0]!));
    await expect(system.retriever!.search([{ id: "q", text: "other" }], 5, signal)).rejects.toMatchObject({
      code: "E_REPLAY_MISSING",
      message: 'preds.jsonl has no ranking for the question "other"',
    });
  });

  it("have all that is wrong with them named by line", async () => {
    const lines = [
      row("q", TEXTS[0]!),
      "{",
      "[]",
      '{"question":"x"}',
      '{"question":"x","retrieved_docs":[7]}',
      row("Q", "z"),
      row("q", TEXTS[0]!),
    ];
    const error = (await build(lines.join("\n")).catch((e: unknown) => e)) as BenchError;
    expect(error.problems.map(({ where }) => where)).toEqual([2, 3, 4, 5, 6].map((line) => `preds.jsonl:${line}`));
    expect(error.problems.at(-1)!.got).toContain('another for "Q", first on line 1');
  });
});
