import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { DataError, formatProblems } from "../testing/problems.ts";
import { type Content, collect, tempDataset } from "../testing/temp-dataset.ts";
import { tableRows } from "./table-rows.ts";

async function read(name: string, content: Content) {
  const dir = await tempDataset({ [name]: content });
  try {
    return (await collect(tableRows(`${dir}/${name}`, () => {}))).map((row) =>
      row.problems === undefined
        ? [row.where.replace(`${dir}/`, ""), Object.fromEntries(row.cells)]
        : formatProblems(row.problems, dir),
    );
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return formatProblems(error.problems, dir);
  }
}

describe("tableRows", () => {
  it("reads CSV: quotes, commas and line breaks in cells, empty cells, the line a row starts on", async () => {
    const csv = '\ufeffq,a,b\r\n"one, ""two""\nthree",,""\r\n\r\nx,y,z\r\n';
    const rows = [
      ["t.csv:2", { q: 'one, "two"\nthree', b: "" }],
      ["t.csv:5", { q: "x", a: "y", b: "z" }],
    ];
    expect(await read("t.csv", csv)).toEqual(rows);
    expect(await read("t.csv.gz", gzipSync(csv))).toEqual(
      rows.map(([where, cells]) => [`${where}`.replace("csv", "csv.gz"), cells]),
    );
    expect(await read("t.tsv", csv.replaceAll(",", "\t"))).toHaveLength(2);
  });

  it("keeps columns of dangerous names apart and passes over the column without a name", async () => {
    const [row] = await read("t.csv", ",__proto__,constructor\n0,a,b\n");
    expect(JSON.stringify(row)).toBe('["t.csv:2",{"__proto__":"a","constructor":"b"}]');
  });

  it.each<[string, Content, unknown]>([
    [
      "a row of another length",
      "a,b\n1\n1,2\n",
      [["t.csv:2 E_IMPORT_CSV expected 2 cells, as the header has, got 1"], ["t.csv:3", { a: "1", b: "2" }]],
    ],
    ["a name twice", "a,a\n", ['t.csv:1 E_IMPORT_CSV expected a header of distinct names, got "a" twice']],
    [
      "an empty file",
      "",
      ["t.csv E_IMPORT_CSV expected a first line with the names of the columns, got an empty file"],
    ],
    ["NUL", "a\nx\0\n", [["t.csv:2 E_IMPORT_CSV expected text, got a NUL character"]]],
    [
      "bytes that are not UTF-8",
      Buffer.from("a\ncaf\xe9\n", "latin1"),
      [expect.stringMatching(/E_IMPORT_CSV expected UTF-8 text/)],
    ],
    [
      "a quote that does not close",
      'a\n"x\ny\n',
      [expect.stringMatching(/^t\.csv:2 E_IMPORT_CSV expected CSV as RFC 4180 has it, got Quote Not Closed/)],
    ],
    ["a quote in the middle", 'a\n"x"y\n', [expect.stringMatching(/^t\.csv:2 E_IMPORT_CSV .*Invalid Closing Quote/)]],
  ])("names what is wrong with CSV: %s", async (_name, content, expected) => {
    expect(await read("t.csv", content)).toEqual(expected);
  });

  it("reads JSON lines and an array; null is no cell; a bomb of nesting is refused", async () => {
    const rows = [["t.json row 1", { q: "a", list: ["x"] }]];
    expect(await read("t.json", '[{"q":"a","list":["x"],"none":null}]')).toEqual(rows);
    expect(await read("t.json", '{"q":"a","list":["x"],"none":null}\n')).toEqual(rows);
    const bomb = `{"q":${"[".repeat(100_000)}${"]".repeat(100_000)}}\n`;
    expect(await read("t.jsonl", bomb)).toEqual([
      ["t.jsonl row 1 E_IMPORT_ROW expected lists and objects at most 256 deep, got deeper ones"],
    ]);
  });

  it("reads Parquet: lists, structs, whole numbers of 64 bits, times, absent cells, several row groups", async () => {
    const file = parquetWriteBuffer({
      columnData: [
        { name: "q", data: ["a", "b", "c"], type: "STRING" },
        { name: "list", data: [["x", "y"], [], undefined], type: "JSON" },
        { name: "n", data: [1n, 2n ** 60n, 3n], type: "INT64" },
        { name: "at", data: [new Date(0), new Date(1), new Date(2)] },
      ],
      rowGroupSize: 2,
    });
    const at = (ms: number) => new Date(ms).toISOString();
    expect(await read("t.parquet", new Uint8Array(file))).toEqual([
      ["t.parquet:1", { q: "a", list: ["x", "y"], n: 1, at: at(0) }],
      ["t.parquet:2", { q: "b", list: [], n: "1152921504606846976", at: at(1) }],
      ["t.parquet:3", { q: "c", n: 3, at: at(2) }],
    ]);
    const cut = new Uint8Array(file).subarray(0, 60);
    expect(await read("t.parquet", cut)).toEqual([
      expect.stringMatching(/^t\.parquet E_IMPORT_PARQUET expected a Parquet file/),
    ]);
    expect(await read("t.parquet", "not parquet at all")).toEqual([expect.stringMatching(/E_IMPORT_PARQUET/)]);
    const wild = new Uint8Array(file).map((byte, i) => (i > 10 && i % 7 === 0 ? byte ^ 255 : byte));
    expect(await read("t.parquet", wild)).toEqual([expect.stringMatching(/E_IMPORT_PARQUET/)]);
  });

  it("says which endings it knows, and when the file is missing", async () => {
    expect(await read("t.xlsx", "x")).toEqual([
      expect.stringMatching(/^t\.xlsx E_IMPORT_FORMAT expected a file that ends in \.csv/),
    ]);
    for (const name of ["no.csv", "no.jsonl", "no.parquet"]) {
      await expect(collect(tableRows(`/no/such/${name}`, () => {}))).rejects.toMatchObject({ code: "E_DATASET_FILE" });
    }
  });
});
