import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { LinePlaces } from "./line-places.ts";

interface Row {
  readonly at: number;
  readonly text: string;
}

async function scanned(content: string, count: number) {
  const path = join(await tempFolder(), "lines.jsonl");
  await writeFile(path, content);
  return { path, places: await LinePlaces.scan(path, count, (value) => (value as Partial<Row>).at) };
}

describe("LinePlaces", () => {
  it("gives each line back under its number, in whatever order lines stand and are asked for", async () => {
    const row = fc.record({ text: fc.string({ unit: "binary", maxLength: 60 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 12 }).chain((rows) =>
          fc.record({
            rows: fc.constant(rows),
            written: fc.shuffledSubarray([...rows.keys()], { minLength: 1 }),
            asked: fc.shuffledSubarray([...rows.keys()], { minLength: rows.length }),
          }),
        ),
        async ({ rows, written, asked }) => {
          const lines = written.map((at) => JSON.stringify({ at, ...rows[at] }));
          const { places } = await scanned(`{"kind":"head"}\n${lines.join("\n")}\n`, rows.length);
          for (const at of asked) {
            expect(places.has(at)).toBe(written.includes(at));
            expect(await places.read(at)).toEqual(written.includes(at) ? { at, ...rows[at] } : undefined);
          }
          await places.close();
        },
      ),
      { numRuns: 30 },
    );
  });

  it("reads lines that are longer than a stretch of the file", async () => {
    const rows = [0, 1, 2].map((at) => JSON.stringify({ at, text: String(at).repeat(300_000) }));
    const { places } = await scanned(`${rows.join("\n")}\n`, 3);
    for (const at of [2, 0, 1]) expect(await places.read(at)).toMatchObject({ text: String(at).repeat(300_000) });
    await places.close();
  });

  it("leaves a torn last line out, and takes the later of two lines under one number", async () => {
    const { places } = await scanned('{"at":0,"text":"a"}\n{"at":0,"text":"b"}\n{"at":1,"te', 2);
    expect(await places.read(0)).toEqual({ at: 0, text: "b" });
    expect(places.has(1)).toBe(false);
    await places.close();
  });

  it("refuses lines that are no JSON, all of them at once, and a file that has changed since", async () => {
    await expect(scanned('{"at":0}\nnot\n{"at":1}\n{"\n', 2)).rejects.toMatchObject({
      problems: [
        { where: expect.stringMatching(/lines\.jsonl:2/) },
        { where: expect.stringMatching(/lines\.jsonl:4/) },
      ],
    });
    const { path, places } = await scanned('{"at":0,"text":"a"}\n', 1);
    await writeFile(path, "{}");
    await expect(places.read(0)).rejects.toThrow("E_RUN_LINE");
    await places.close();
  });
});
