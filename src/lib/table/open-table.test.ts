import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../testing/temp-folder.ts";
import type { Cells, Column } from "./column.ts";
import { openTable, TABLE_FORMATS, type TableFormat } from "./open-table.ts";

const COLUMNS: readonly Column[] = [
  { name: "text", type: "text" },
  { name: "n", type: "integer" },
  { name: "x", type: "number" },
  { name: "is", type: "boolean" },
  { name: "list", type: "texts" },
  { name: "any", type: "json" },
];
const ROWS: readonly Cells[] = [
  ['say "a", b\r\nc', 3, -0.5, true, ["x", ""], { k: [1, null] }],
  ["", 0, 1e-9, false, [], "text"],
  [undefined, undefined, undefined, undefined, undefined, undefined],
];

async function written(format: TableFormat, rows: Iterable<Cells>): Promise<string> {
  const path = join(await tempFolder(), "a", `t.${format}`);
  const table = await openTable(path, format, COLUMNS);
  for (const row of rows) await table.write(row);
  await table.close();
  return path;
}

describe("openTable", () => {
  it("writes CSV as RFC 4180 has it; nothing and empty text differ; numbers are no formulas", async () => {
    expect(await readFile(await written("csv", ROWS), "utf8")).toBe(
      'text,n,x,is,list,any\r\n"say ""a"", b\r\nc",3,-0.5,true,"[""x"",""""]","{""k"":[1,null]}"\r\n' +
        '"",0,1e-9,false,[],"""text"""\r\n,,,,,\r\n',
    );
  });

  it("writes JSON lines without keys for what is not there", async () => {
    expect((await readFile(await written("jsonl", ROWS), "utf8")).split("\n")).toEqual([
      JSON.stringify({ text: 'say "a", b\r\nc', n: 3, x: -0.5, is: true, list: ["x", ""], any: { k: [1, null] } }),
      JSON.stringify({ text: "", n: 0, x: 1e-9, is: false, list: [], any: "text" }),
      "{}",
      "",
    ]);
  });

  it("writes Parquet that another reader takes, in row groups, so that memory is bounded", async () => {
    const path = await written("parquet", ROWS);
    const read = await parquetReadObjects({ file: await asyncBufferFromFile(path) });
    expect(read.map((row) => Object.values(row).map((cell) => cell ?? undefined))).toEqual(
      ROWS.map((row) => row.map((cell, i) => (i === 1 && cell !== undefined ? BigInt(cell as number) : cell))),
    );
    const many = Array.from({ length: 25_000 }, (_, i): Cells => [`row ${i}`, i]);
    const file = await asyncBufferFromFile(await written("parquet", many));
    const { row_groups } = await parquetMetadataAsync(file);
    expect(row_groups.map((group) => Number(group.num_rows))).toEqual([10_000, 10_000, 5_000]);
    const [last] = await parquetReadObjects({ file, rowStart: 24_999, rowEnd: 25_000 });
    expect(last).toMatchObject({ text: "row 24999", n: 24_999n });
  });

  it.each(TABLE_FORMATS)("writes a %s file of its own without rows", async (format) => {
    const path = await written(format, []);
    if (format !== "parquet")
      expect(await readFile(path, "utf8")).toBe(format === "csv" ? "text,n,x,is,list,any\r\n" : "");
    else expect(await parquetReadObjects({ file: await asyncBufferFromFile(path) })).toEqual([]);
  });
});
