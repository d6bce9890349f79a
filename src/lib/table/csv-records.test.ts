import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CsvFault, csvRecords } from "./csv-records.ts";

/** The bytes in chunks of a size, so that characters and quotes are cut apart. */
async function* chunked(text: string | Uint8Array, size = 3): AsyncGenerator<Uint8Array> {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

const read = (text: string | Uint8Array, options?: Parameters<typeof csvRecords>[1]) =>
  all(csvRecords(chunked(text), options));

const fault = (reading: Promise<unknown>): Promise<CsvFault> =>
  reading.then(
    () => expect.unreachable("no fault"),
    (error: CsvFault) => error,
  );

describe("records of a CSV file", () => {
  it("start on the line that is told, across quoted line breaks and blank lines", async () => {
    expect(await read('\ufeffid,text\r\n\r\n1,"a\n""b"""\r\n   \n2,é\n')).toEqual([
      { line: 1, cells: ["id", "text"] },
      { line: 3, cells: ["1", 'a\n"b"'] },
      { line: 6, cells: ["2", "é"] },
    ]);
  });

  it("tell an empty cell from empty text, and may differ in length", async () => {
    const records = await read('a,b\n,""\n1\n');
    expect(records.map(({ cells }) => cells)).toEqual([["a", "b"], [undefined, ""], ["1"]]);
  });

  it("take quotes for characters where nothing is quoted", async () => {
    const [record] = await read('5" disk\t"x\n', { delimiter: "\t", quoted: false });
    expect(record!.cells).toEqual(['5" disk', '"x']);
  });

  it("are those that were written", async () => {
    const cell = fc.string({ minLength: 1, unit: "binary" }).filter((text) => text.trim() !== "");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 })), async (rows) => {
        const text = stringify(rows as string[][], { quoted: true });
        expect((await read(text)).map(({ cells }) => cells)).toEqual(rows);
      }),
    );
  });

  it("end with the line and the kind of what is broken", async () => {
    expect(await fault(read('a,b\n1,2\n3,"x\n4,5\n'))).toMatchObject({ kind: "quoting", line: 3 });
    expect(await fault(read(Uint8Array.of(97, 10, 98, 10, 0xff, 10)))).toMatchObject({ kind: "encoding" });
    expect(await fault(read(Uint8Array.of(97, 10, 0xc3)))).toBeInstanceOf(CsvFault);
  });

  it("pass on what reading the bytes throws", async () => {
    const lost = async function* (): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode("a\n");
      throw new Error("disk gone");
    };
    await expect(all(csvRecords(lost()))).rejects.toThrow("disk gone");
  });
});
