import { Type } from "@sinclair/typebox";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Content, collect, tempDataset } from "../testing/temp-dataset.ts";
import { rowsOrArray } from "./rows-or-array.ts";

const Row = Type.Object({ n: Type.Integer() }, { additionalProperties: true });

async function read(content: Content) {
  const dir = await tempDataset({ f: content });
  const notes: string[] = [];
  return { rows: await collect(rowsOrArray(`${dir}/f`, Row, (note) => notes.push(note))), notes };
}

describe("rowsOrArray", () => {
  it("gives the same rows for lines and for an array, and speaks of the array", async () => {
    const row = fc.record({ n: fc.integer(), text: fc.string({ unit: "grapheme" }) });
    await fc.assert(
      fc.asyncProperty(fc.array(row), fc.constantFrom("", "\ufeff", "\n  "), async (rows, before) => {
        const lines = await read(rows);
        const array = await read(`${before}${JSON.stringify(rows, null, 2)}`);
        expect(lines).toEqual({ rows: JSON.parse(JSON.stringify(rows)), notes: [] });
        expect(array).toEqual({ rows: lines.rows, notes: [expect.stringContaining("holds a JSON array")] });
      }),
      { numRuns: 20 },
    );
  });

  it.each<[string, Content, object[]]>([
    ["an array that is cut off", '[{"n":1},', [{ code: "E_IMPORT_JSON" }]],
    [
      "bad rows of an array, all of them",
      '[{"n":1},{"n":"x"},{}]',
      [{ where: expect.stringMatching(/f \/1\/n$/) }, { where: expect.stringMatching(/f \/2$/) }],
    ],
    ["a line that is cut off", '{"n":1}\n{"n"', [{ code: "E_DATASET_JSON" }]],
  ])("refuses %s", async (_name, content, problems) => {
    await expect(read(content)).rejects.toMatchObject({ problems });
  });

  it("says when the file is missing", async () => {
    await expect(collect(rowsOrArray("/no/such/file", Row, () => {}))).rejects.toMatchObject({
      code: "E_DATASET_FILE",
    });
  });
});
