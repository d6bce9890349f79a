import { Type } from "@sinclair/typebox";
import { describe, expect, it } from "vitest";
import { fitsQrels, readQrels } from "./read-qrels.ts";
import { readRows, strict } from "./read-rows.ts";
import { QueryRow } from "./row-schema.ts";
import { type DataError, formatProblems } from "./testing/problems.ts";
import { type Content, collect, tempDataset } from "./testing/temp-dataset.ts";

async function problemsOf(content: Content): Promise<string[]> {
  const dir = await tempDataset({ "queries.jsonl": content });
  const rows = await collect(readRows(`${dir}/queries.jsonl`, QueryRow));
  return formatProblems(
    rows.flatMap((row) => row.problems ?? []),
    dir,
  );
}

describe("readRows", () => {
  it.each<[string, Content, string[]]>([
    ["a missing key", '{"_id":"a"}\n', ['queries.jsonl:1 E_DATASET_ROW expected the key "text", got nothing']],
    [
      "a wrong type",
      '{"_id":"a","text":1}\n',
      ["queries.jsonl:1 /text E_DATASET_ROW expected a value of type string, got 1"],
    ],
    [
      "a null answer",
      '{"_id":"a","text":"b","answers":[null]}\n',
      ["queries.jsonl:1 /answers/0 E_DATASET_ROW expected a value of type string, got null"],
    ],
    [
      "invalid JSON",
      '{"_id":"a"\n',
      [expect.stringMatching(/^queries.jsonl:1 E_DATASET_JSON expected a JSON object, got .*_id/)],
    ],
    [
      "an array in one line",
      '[{"_id":"a"}]\n',
      [
        expect.stringContaining(
          "queries.jsonl:1 E_DATASET_JSON expected one JSON object per line, got the start of a JSON array",
        ),
      ],
    ],
    ["an array over many lines", "[\n {", [expect.stringContaining("the start of a JSON array")]],
    ["a number", "7\n", ["queries.jsonl:1 E_DATASET_ROW expected a value of type object, got 7"]],
    [
      "a truncated last line",
      '\n{"_id":"a","te',
      [expect.stringMatching(/^queries.jsonl:2 E_DATASET_JSON expected a complete last line/)],
    ],
    ["a NUL byte", '{"_id":"a\0","text":"b"}\n', ["queries.jsonl:1 E_DATASET_LINE expected text, got a NUL byte"]],
    [
      "bytes that are not UTF-8",
      Buffer.from('{"_id":"\xe9","text":"b"}\n', "latin1"),
      ["queries.jsonl:1 E_DATASET_LINE expected UTF-8 text, got other bytes"],
    ],
    ["an empty id", '{"_id":"","text":"b"}\n', [expect.stringContaining("queries.jsonl:1 /_id E_DATASET_ROW")]],
  ])("reports %s with its place", async (_name, content, expected) => {
    expect((await problemsOf(content)).slice(0, expected.length)).toEqual(expected);
  });

  it("names the key that an unknown one is most like", async () => {
    const dir = await tempDataset({ "q.jsonl": '{"_id":"a","text":"b","answer":["c"]}\n' });
    const [row] = await collect(readRows(`${dir}/q.jsonl`, QueryRow));
    expect(row?.problems?.[0]).toMatchObject({ got: 'the unknown key "answer"', fix: 'did you mean "answers"?' });
  });

  it("accepts a byte-order mark, CRLF, empty lines, and a last line without a line feed", async () => {
    const dir = await tempDataset({ "q.jsonl": '\ufeff{"_id":"a","text":"b"}\r\n\r\n{"_id":"c","text":"d"}' });
    const rows = await collect(readRows(`${dir}/q.jsonl`, QueryRow));
    expect(rows.map((row) => [row.line, row.problems])).toEqual([
      [1, undefined],
      [3, undefined],
    ]);
  });

  it("reports a line of 17 MB and reads on", async () => {
    const long = JSON.stringify({ _id: "a", text: "x".repeat(17 << 20) });
    expect(await problemsOf(`${long}\n{"_id":"b","text":"c"}\n`)).toEqual([
      `queries.jsonl:1 E_DATASET_LINE expected a line of at most 16777216 bytes, got ${long.length} bytes`,
    ]);
  });
});

describe("strict", () => {
  it("stops after twenty problems", async () => {
    const dir = await tempDataset({ "x.jsonl": "1\n".repeat(500) });
    const error = await collect(strict(readRows(`${dir}/x.jsonl`, Type.String()))).catch((e: unknown) => e);
    expect((error as DataError).problems).toHaveLength(20);
  });
});

describe("readQrels", () => {
  async function read(content: string) {
    const dir = await tempDataset({ "t.tsv": content });
    const rows = await collect(readQrels(`${dir}/t.tsv`));
    return rows.map((row) => (row.problems ? formatProblems(row.problems, dir).join() : Object.values(row.value)));
  }

  it("reads query, target and grade below the header", async () => {
    expect(await read("query-id\tcorpus-id\tscore\r\nq\tp 1\t2\r\n\r\n__proto__\tp\t-1")).toEqual([
      ["q", "p 1", 2],
      ["__proto__", "p", -1],
    ]);
  });

  it.each([
    [
      "a grade that is no whole number",
      "q\tp\t0.5",
      't.tsv:2 E_DATASET_QRELS expected a whole number as the score, got "0.5"',
    ],
    [
      "a grade that is no number",
      "q\tp\thigh",
      't.tsv:2 E_DATASET_QRELS expected a whole number as the score, got "high"',
    ],
    ["an empty grade", "q\tp\t", 't.tsv:2 E_DATASET_QRELS expected a whole number as the score, got ""'],
    ["two columns", "q\tp", expect.stringMatching(/^t.tsv:2 E_DATASET_QRELS expected three columns/)],
    ["an empty id", "\tp\t1", expect.stringMatching(/^t.tsv:2 E_DATASET_QRELS expected three columns/)],
  ])("reports %s", async (_name, line, expected) => {
    expect(await read(`query-id\tcorpus-id\tscore\n${line}\n`)).toEqual([expected]);
  });

  it("reports a missing header and still reads the first line", async () => {
    expect(await read("q\tp\t1\n")).toEqual([expect.stringContaining("expected the header line"), ["q", "p", 1]]);
  });

  it("says how to read TREC's format", async () => {
    const dir = await tempDataset({ "t.tsv": "query-id\tcorpus-id\tscore\n1 0 184 3\n" });
    const [row] = await collect(readQrels(`${dir}/t.tsv`));
    expect(row?.problems?.[0]?.fix).toContain("bench dataset import trec");
  });
});

describe("fitsQrels", () => {
  it.each(["q1", "a b", "__proto__", "../../x", "😀", "\u001b[31m", '"'])("holds for %j", (id) => {
    expect(fitsQrels(id)).toBe(true);
  });

  it.each(["a\tb", "a\nb", "a\rb", "a\0b", "\ud83d", "\ude00\ud83d"])("does not hold for %j", (id) => {
    expect(fitsQrels(id)).toBe(false);
  });
});
