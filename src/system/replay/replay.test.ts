import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BenchError } from "../../core/errors.ts";
import { hasShared, shared } from "../../lib/testing/shared.ts";
import { describeGenerator, requestOf } from "../testing/generator-conformance.ts";
import { describeRetriever } from "../testing/retriever-conformance.ts";
import { readAnswersFile } from "./answers-file.ts";
import { openAnswers } from "./open-answers.ts";
import { replayGenerator } from "./replay-generator.ts";
import { replayRetriever } from "./replay-retriever.ts";
import { readRunFile } from "./run-file.ts";

const signal = new AbortController().signal;
let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "replay-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fileOf(content: string | Buffer): Promise<string> {
  const path = join(folder, `file-${++files}`);
  await writeFile(path, content);
  return path;
}
const runOf = async (content: string | Buffer) => readRunFile(await fileOf(content), "saved.run");
const sourceOf = async (content: string) =>
  openAnswers({ format: "answers" }, { path: await fileOf(content), name: "saved.jsonl" }, undefined);
const answersOf = async (content: string | Buffer) => readAnswersFile(await fileOf(content), "saved.jsonl");
const problemsOf = (read: Promise<unknown>) =>
  read.then(
    () => expect.unreachable("read"),
    (error: BenchError) => {
      expect(error.name).toBe("DataError");
      return error.problems.map(({ code, where, got }) => `${where} ${code} ${got}`);
    },
  );

const RUN = `q1 Q0 p1 1 3.5 sys
q1\tQ0\tp2\t2\t2.5\tsys
q1 Q0 p3 3 1e-1 sys

__proto__ Q0 p1 1 1 sys
q2 Q0 p9 1 -1 sys
`;

describeRetriever("replay of a run", async () => replayRetriever(await runOf(RUN), "saved.run"), {
  stages: [],
  source: "replayed",
});

describe("a run file", () => {
  it("is ordered by score as a 32-bit float, then by id descending; the rank is not looked at", async () => {
    const run = await runOf("q Q0 a 1 1 s\nq Q0 c 2 1.000000001 s\nq Q0 b 3 2 s\nq Q0 10 4 1 s\nq Q0 9 5 1 s\n");
    expect(run.ranking("q", 9)!.map(([id]) => id)).toEqual(["b", "c", "a", "9", "10"]);
  });

  it("may have a byte-order mark, CRLF and no line feed at its end", async () => {
    const run = await runOf("\ufeffq1 Q0 p1 1 2 s\r\nq1 Q0 p2 2 1 s");
    expect(run.queries).toBe(1);
    expect(run.ranking("q1", 5)).toEqual([
      ["p1", 2],
      ["p2", 1],
    ]);
  });

  it("has all that is wrong with it named by line", async () => {
    const bad =
      "q Q0 p1 1 2 s\nq Q0 p1 2 1 s\nq Q0 p2 1\nq Q0 p3 1 high s\nq Q0 p4 1 NaN s\nq Q0 p5 1 1e999 s\nq Q0 p6 1 0x10 s\n";
    expect(await problemsOf(runOf(bad))).toEqual([
      expect.stringContaining("saved.run:3 E_REPLAY_RUN 4"),
      expect.stringContaining('saved.run:4 E_REPLAY_RUN "high"'),
      expect.stringContaining('saved.run:5 E_REPLAY_RUN "NaN"'),
      expect.stringContaining('saved.run:6 E_REPLAY_RUN "1e999"'),
      expect.stringContaining('saved.run:7 E_REPLAY_RUN "0x10"'),
      expect.stringContaining('saved.run:2 E_REPLAY_RUN "p1" again for query "q", first on line 1'),
    ]);
  });

  it("of the wrong kind shows 50 problems and the number of the rest", async () => {
    const problems = await problemsOf(runOf("{}\n".repeat(1000)));
    expect(problems).toHaveLength(51);
    expect(problems.at(-1)).toBe("saved.run E_REPLAY_RUN 950 more");
  });

  it("that is not UTF-8 says on which line", async () => {
    const bytes = Buffer.concat([
      Buffer.from("q Q0 p1 1 2 s\nq Q0 "),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(" 1 1 s\n"),
    ]);
    expect(await problemsOf(runOf(bytes))).toEqual([expect.stringContaining("saved.run:2")]);
  });

  it("that is not there is a problem", async () => {
    expect(await problemsOf(readRunFile(join(folder, "nowhere"), "nowhere.run"))).toEqual([
      "nowhere.run E_REPLAY_RUN ENOENT",
    ]);
  });

  it("without a query fails that query, never ranks nothing", async () => {
    const retriever = replayRetriever(await runOf(RUN), "saved.run");
    await expect(retriever.search([{ id: "q7", text: "" }], 3, signal)).rejects.toMatchObject({
      code: "E_REPLAY_MISSING",
      retryable: false,
      message: 'saved.run has no ranking for query "q7"',
    });
  });

  it.skipIf(!hasShared)("of cranfield is read whole", async () => {
    const run = await readRunFile(shared("data/cranfield/bm25.run"), "bm25.run");
    expect(run.queries).toBe(225);
    expect(run.ranking("1", 1000)!.length).toBe(100);
  });
});

const ANSWERS = `{"query":"q1","text":"for all"}
{"query":"q1","condition":"rag@2","trial":1,"text":"rag 1"}
{"query":"q1","condition":"oracle","text":"oracle","refused":true,"confidence":0.5,"finish":"length"}
{"query":"q1","trial":3,"text":"third"}
{"query":"q2","text":"two"}
{"query":"__proto__","text":"\\u001b[2J"}
`;

describeGenerator("replay of answers", async () => replayGenerator(await sourceOf(ANSWERS), "saved.jsonl"));

describe("an answers file", () => {
  it.each([
    ["oracle", 0, "oracle"],
    ["oracle", 3, "oracle"],
    ["rag@2", 1, "rag 1"],
    ["rag@2", 0, "for all"],
    ["rag@5", 3, "third"],
    ["closed-book", 9, "for all"],
  ])("gives under %s, trial %d, the nearest row", async (condition, trial, text) => {
    expect((await answersOf(ANSWERS)).find("q1", condition, trial)!.text).toBe(text);
  });

  it("gives back what the row says, and no latency", async () => {
    const generator = replayGenerator(await sourceOf(ANSWERS), "saved.jsonl");
    expect(await generator.answer(requestOf({ condition: "oracle" }), signal)).toEqual({
      text: "oracle",
      refused: true,
      confidence: 0.5,
      finish: "length",
      timing: { ms: 0, source: "replayed" },
    });
  });

  it("has all that is wrong with it named by line", async () => {
    const bad = [
      '{"query":"q1","text":"a"}',
      '{"query":"q1","text":"b"}',
      '{"query":"q2"',
      '{"query":"q3","answer":"x","text":"x"}',
      '{"query":"q4","text":"x","condition":"rag@0"}',
      '{"query":"","text":7}',
      "[]",
    ].join("\n");
    const problems = await problemsOf(answersOf(bad));
    expect(problems.map((p) => p.split(" ")[0])).toEqual([
      "saved.jsonl:2",
      "saved.jsonl:3",
      "saved.jsonl:4",
      "saved.jsonl:5",
      "saved.jsonl:6",
      "saved.jsonl:6",
      "saved.jsonl:7",
    ]);
    expect(problems[0]).toContain("first on line 1");
    expect(problems[2]).toContain('unknown key "answer"');
  });

  it("without a query fails that query, never answers nothing", async () => {
    const generator = replayGenerator(await sourceOf(ANSWERS), "saved.jsonl");
    await expect(generator.answer(requestOf({ id: "q7" }), signal)).rejects.toMatchObject({
      code: "E_REPLAY_MISSING",
      message: 'saved.jsonl has no answer for query "q7" under rag@2, trial 0',
    });
  });
});
