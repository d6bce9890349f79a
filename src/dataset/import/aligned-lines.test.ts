import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError, formatProblems } from "../testing/problems.ts";
import { type Content, collect, tempDataset } from "../testing/temp-dataset.ts";
import { alignedLines } from "./aligned-lines.ts";

async function read(a: Content, b: Content, mayBeEmpty = false, name = "b") {
  const dir = await tempDataset({ a, [name]: b });
  try {
    return (await collect(alignedLines({ path: `${dir}/a` }, { path: `${dir}/${name}`, mayBeEmpty }))).map(
      (g) => g.texts,
    );
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return formatProblems(error.problems, dir);
  }
}

const PAIRS = [
  ["1", "x"],
  ["2", "y"],
];

describe("alignedLines", () => {
  it.each<[string, Content, Content]>([
    ["line feeds", "1\n2\n", "x\ny\n"],
    ["CRLF in one file", "1\r\n2\r\n", "x\ny\n"],
    ["no last line feed", "1\n2", "x\ny\n"],
    ["blank lines at the end of either", "1\n2\n\n", "x\ny\n \r\n\n"],
    ["a byte-order mark", "\ufeff1\n2\n", "x\ny\n"],
  ])("pairs lines with %s", async (_name, a, b) => {
    expect(await read(a, b)).toEqual(PAIRS);
  });

  it("pairs lines of a compressed file", async () => {
    expect(await read("1\n2\n", gzipSync("x\ny\n"), false, "b.gz")).toEqual(PAIRS);
  });

  it.each<[string, Content, Content, string[]]>([
    [
      "a second file that is shorter",
      "1\n2\n3\n",
      "x\n",
      ["b:1 E_IMPORT_ROW expected as many lines as a has, got 1 lines"],
    ],
    [
      "a second file that is longer",
      "1\n",
      "x\ny\n",
      ["a:1 E_IMPORT_ROW expected as many lines as b has, got 1 lines"],
    ],
    ["an empty second file", "1\n", "", ["b:0 E_IMPORT_ROW expected as many lines as a has, got 0 lines"]],
    [
      "empty lines, all of them",
      "1\n\n3\n",
      " \ny\nz\n",
      ["b:1 E_IMPORT_ROW expected text, got an empty line", "a:2 E_IMPORT_ROW expected text, got an empty line"],
    ],
    ["NUL", "1\n", "\0\n", ["b:1 E_DATASET_LINE expected text, got a NUL byte"]],
  ])("refuses %s", async (_name, a, b, expected) => {
    expect(await read(a, b)).toEqual(expected);
  });

  it("keeps an empty line that may be, the last one too", async () => {
    expect(await read("1\n2\n", "\n\n", true)).toEqual([
      ["1", ""],
      ["2", ""],
    ]);
    expect(await read("1\n2\n", "x\n", true)).toEqual([
      "b:1 E_IMPORT_ROW expected as many lines as a has, got 1 lines",
    ]);
  });

  it("refuses a million blank lines in the middle, in time and memory of none", async () => {
    const blanks = `1\n${"\n".repeat(1_000_000)}2\n`;
    expect(await read(blanks, "x\ny\n")).toEqual([
      "a:2 E_IMPORT_ROW expected text, got an empty line",
      "a:3 E_IMPORT_ROW expected text, got an empty line",
      "b:2 E_IMPORT_ROW expected as many lines as a has, got 2 lines",
    ]);
  });

  it("gives as many groups as lines were written, whatever blank lines follow", async () => {
    const text = fc.string({ unit: "grapheme" }).map((t) => `x${t.replace(/[\r\n\0]/g, "")}x`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1 }), fc.nat(3), fc.nat(3), async (rows, n, m) => {
        const file = (column: 0 | 1, blanks: number) =>
          `${rows.map((r) => `${r[column]}\n`).join("")}${"\n".repeat(blanks)}`;
        expect(await read(file(0, n), file(1, m))).toEqual(rows);
      }),
      { numRuns: 25 },
    );
  });
});
