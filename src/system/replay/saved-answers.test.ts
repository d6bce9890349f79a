import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ReplayAnswersConfig } from "../../config/system-schema.ts";
import type { BenchError } from "../../core/errors.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { buildForTest, systemOf } from "../testing/build-for-test.ts";
import { describeGenerator, requestOf } from "../testing/generator-conformance.ts";

const signal = new AbortController().signal;

async function build(files: Readonly<Record<string, string | Uint8Array>>, config: Partial<ReplayAnswersConfig>) {
  const folder = await tempFolder(files);
  const generator = {
    kind: "replay",
    file: Object.keys(files)[0]!,
    format: "table",
    always_answers: false,
    ...config,
  } as const;
  return buildForTest(systemOf({ generator }, { file: join(folder, "system.yaml") }));
}

async function answers(
  files: Readonly<Record<string, string | Uint8Array>>,
  config: Partial<ReplayAnswersConfig>,
  asked: readonly (readonly [id: string, text: string, condition?: string, trial?: number])[],
) {
  const system = await build(files, config);
  const texts: string[] = [];
  for (const [id, text, condition = "rag@3", trial = 0] of asked) {
    const request = requestOf({ query: { id, text }, condition, trial });
    texts.push(
      await system.generator!.answer(request, signal).then(
        (answer) => answer.text,
        (error: { code: string }) => error.code,
      ),
    );
  }
  return { texts, notes: system.notes() };
}

const problemOf = (read: Promise<unknown>) =>
  read.then(
    () => expect.unreachable("read"),
    (error: BenchError) => error.problems[0]!,
  );

const CSV = 'id,ask,said,score\nq1,What?,"four, or five",0.5\n__proto__,Who?,<b>,\nq2,Why?,because,\n';

describeGenerator("replay of a table", async () => {
  const system = await build({ "a.csv": CSV }, { columns: { query: "id", text: "said" } });
  return system.generator!;
});

describe("a table of answers", () => {
  it("is CSV with its columns named, by id or by the question's text", async () => {
    const byId = await answers({ "a.csv": CSV }, { columns: { query: "id", text: "said" } }, [
      ["q1", "anything"],
      ["q9", "What?"],
    ]);
    expect(byId.texts).toEqual(["four, or five", "E_REPLAY_MISSING"]);
    const byText = await answers({ "a.csv": CSV }, { columns: { question: "ask", text: "said" } }, [
      ["x", "  WHAT? "],
      ["q1", "Else?"],
    ]);
    expect(byText).toEqual({ texts: ["four, or five", "E_REPLAY_MISSING"], notes: [] });
  });

  it("may name condition, trial and confidence", async () => {
    const rows = [
      { id: "q", said: "any" },
      { id: "q", said: "three", under: "rag@3" },
      { id: "q", said: "second", under: "rag@3", time: 1, sure: 0.75 },
      { id: "q", said: "bad", under: "rag@0" },
      { id: "q", said: "bad", time: -1 },
      { id: "q", said: "bad", sure: "very" },
    ];
    const columns = { query: "id", text: "said", condition: "under", trial: "time", confidence: "sure" };
    const files = { "a.jsonl": rows.map((row) => JSON.stringify(row)).join("\n") };
    const { texts, notes } = await answers(files, { columns }, [
      ["q", "", "oracle"],
      ["q", "", "rag@3"],
      ["q", "", "rag@3", 1],
    ]);
    expect(texts).toEqual(["any", "three", "second"]);
    expect(notes).toEqual([
      "a.jsonl: 1 row: left out, a condition that is none (line 4)",
      "a.jsonl: 1 row: left out, a trial that is no whole number (line 5)",
      "a.jsonl: 1 row: left out, a confidence that is no number (line 6)",
    ]);
    const system = await build(files, { columns });
    const answer = await system.generator!.answer(
      requestOf({ query: { id: "q", text: "" }, condition: "rag@3", trial: 1 }),
      signal,
    );
    expect(answer).toMatchObject({ confidence: 0.75, timing: { ms: 0, source: "replayed" } });
  });

  it("in TSV with lost tabs gives what it can and says which lines it cannot", async () => {
    const tsv = 'q\ta\none\t"1\ntwo2\nthree\t3\nfour\t4\tmore\n\nfive\t\nsix6\n';
    const { texts, notes } = await answers({ "a.tsv": tsv }, { columns: { question: "q", text: "a" } }, [
      ["1", "one"],
      ["2", "two"],
      ["3", "three"],
      ["5", "five"],
    ]);
    expect(texts).toEqual(['"1', "E_REPLAY_MISSING", "3", ""]);
    expect(notes).toEqual([
      "a.tsv: 2 rows: left out, 1 cell where the header has 2 (lines 3, 8)",
      "a.tsv: 1 row: left out, 3 cells where the header has 2 (line 5)",
    ]);
  });

  it("takes the first of a list of answers, numbers as they are written, and the first of two rows", async () => {
    const rows = [
      '{"q":"a","said":["first","second"]}',
      '{"q":"b","said":8192}',
      '{"q":"c","said":[]}',
      '{"q":"d","said":null}',
      '{"q":"e","said":{"text":"x"}}',
      '{"q":"a","said":"third"}',
      '{"q":"b","said":"8192"}',
      "not json",
      '{"said":"x"}',
    ];
    const asked = ["a", "b", "c", "d", "e"].map((text) => [text, text] as const);
    const columns = { question: "q", text: "said" };
    const { texts, notes } = await answers({ "a.jsonl": rows.join("\n") }, { columns }, asked);
    expect(texts).toEqual(["first", "8192", "E_REPLAY_MISSING", "E_REPLAY_MISSING", "E_REPLAY_MISSING"]);
    expect(notes).toEqual([
      "a.jsonl: 2 rows: a list of answers, of which the first is taken (lines 1, 3)",
      "a.jsonl: 3 rows: left out, no answer (lines 3, 4, 5)",
      "a.jsonl: 1 row: left out, another answer to a question that has one (line 6)",
      "a.jsonl: 1 row: left out, no JSON object (line 8)",
      "a.jsonl: 1 row: left out, no question (line 9)",
    ]);
  });

  it("names five lines of many, and counts all", async () => {
    const files = { "a.jsonl": `{"q":"a","said":"x"}\n${"{}\n".repeat(1000)}` };
    const { notes } = await answers(files, { columns: { question: "q", text: "said" } }, []);
    expect(notes).toEqual(["a.jsonl: 1000 rows: left out, no question (lines 2, 3, 4, 5, 6, …)"]);
  });

  it.each([
    ["a column that is not there", "a.csv", CSV, { query: "id", text: "sayd" }, '"said"'],
    ["no rows", "a.csv", "id,said\n", { query: "id", text: "said" }, "see that the file"],
    ["broken quotes", "a.csv", 'id,said\nq,"x" y\n', { query: "id", text: "said" }, "double the quotes"],
    ["other bytes", "a.csv", Uint8Array.of(105, 100, 10, 0xff, 10), { query: "id", text: "said" }, "UTF-8"],
    ["nothing but wrong lines", "a.jsonl", "[]\n7\n", { query: "id", text: "said" }, "columns are named"],
  ])("with %s is a problem", async (_, name, content, columns, fix) => {
    const problem = await problemOf(build({ [name]: content }, { columns }));
    expect(problem).toMatchObject({ code: "E_REPLAY_ANSWERS", fix: expect.stringContaining(fix) });
    expect(problem.where).toContain(name);
  });
});

describe("an answer that says nothing", () => {
  it.each([
    [false, undefined],
    [true, false],
  ])("with always_answers: %s is a refusal for the system: %s", async (always_answers, refused) => {
    const files = { "a.csv": "q,a\nWhat?,\n" };
    const system = await build(files, { columns: { question: "q", text: "a" }, always_answers });
    expect((await system.generator!.answer(requestOf({ text: "What?" }), signal)).refused).toBe(refused);
  });
});

describe("answers of other tools", () => {
  it("of LocalRQA are found by the question", async () => {
    const row = { question: "What?", gold_docs: [], retrieved_docs: [], gold_answer: "5", generated_answer: "four" };
    const files = { "test-predictions.jsonl": JSON.stringify(row) };
    expect((await answers(files, { format: "localrqa" }, [["x", "what?"]])).texts).toEqual(["four"]);
  });

  it("of RAFT have their reasoning and marker parsed off, and kept", async () => {
    const answer = "It says ##begin_quote##four##end_quote##. <ANSWER>: 4";
    const files = {
      "answer.jsonl": JSON.stringify({ id: "seed_task_1", question: "What?", instruction: "…", answer }),
    };
    const system = await build(files, { format: "raft" });
    expect(await system.generator!.answer(requestOf({ text: "What?" }), signal)).toMatchObject({
      text: "4",
      raw: answer,
    });
  });

  const LINES = { "e2e_preds.txt": "four\r\n\r\none\\ntwo\n", "test.questions": "What?\r\nWho?\r\nWhy?\r\n\r\n" };
  const asked = [
    ["1", "What?"],
    ["2", "Who?"],
    ["3", "Why?"],
    ["4", "How?"],
  ] as const;

  it("one a line answer the questions of the same lines", async () => {
    expect(await answers(LINES, { format: "lines", questions: "test.questions" }, asked)).toEqual({
      texts: ["four", "", "one\ntwo", "E_REPLAY_MISSING"],
      notes: ["e2e_preds.txt: 1 row: empty, taken as an empty answer (line 2)"],
    });
  });

  it("one a line are refused when there are more or fewer than questions", async () => {
    for (const preds of ["four\n", "a\nb\nc\nd\n", ""]) {
      const problem = await problemOf(
        build({ ...LINES, "e2e_preds.txt": preds }, { format: "lines", questions: "test.questions" }),
      );
      expect(problem).toMatchObject({ code: "E_REPLAY_ANSWERS", expected: expect.stringContaining("3 answers") });
    }
  });
});
