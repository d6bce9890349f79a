import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { readPlainQrels } from "./plain-qrels.ts";
import { readQrels } from "./read-qrels.ts";

const HEADER = "query-id\tcorpus-id\tscore\n";

async function fileOf(content: string): Promise<string> {
  const path = join(await tempFolder(), "test.tsv");
  await writeFile(path, content);
  return path;
}

describe("readPlainQrels", () => {
  it("reads the judgements of a query wherever they stand", async () => {
    const judged = await readPlainQrels(await fileOf(`${HEADER}q1\ta\t1\n__proto__\ta\t2\r\nq1\tb c\t0`));
    expect([...judged!].map(([query, grades]) => [query, [...grades]])).toEqual([
      [
        "q1",
        [
          ["a", 1],
          ["b c", 0],
        ],
      ],
      ["__proto__", [["a", 2]]],
    ]);
  });

  it.each([
    ["has no header", "q1\ta\t1\n"],
    ["has another header", "qid\tdid\tscore\nq1\ta\t1\n"],
    ["repeats a pair", `${HEADER}q1\ta\t1\nq1\ta\t2\n`],
    ["has an empty id", `${HEADER}q1\t\t1\n`],
    ["has an empty query", `${HEADER}\ta\t1\n`],
    ["has a grade that is no digit", `${HEADER}q1\ta\tx\n`],
    ["has a grade of two digits", `${HEADER}q1\ta\t10\n`],
    ["has a grade below 0", `${HEADER}q1\ta\t-1\n`],
    ["has a fourth column", `${HEADER}q1\ta\t1\t2\n`],
    ["is cut short", `${HEADER}q1\ta\t`],
    ["has an empty line", `${HEADER}q1\ta\t1\n\nq2\ta\t1\n`],
    ["is not ASCII", `${HEADER}q1\té\t1\n`],
    ["holds a control character", `${HEADER}q1\ta\u0000\t1\n`],
  ])("leaves to the careful reader a file that %s", async (_what, content) => {
    expect(await readPlainQrels(await fileOf(content))).toBeUndefined();
  });

  it("gives what the careful reader gives, or nothing", async () => {
    const path = await fileOf("");
    const cell = fc.string({ unit: fc.constantFrom("a", "b", "1", "-", " ", "é", "\t", "\r"), maxLength: 3 });
    const row = fc.tuple(cell, cell, fc.constantFrom("0", "1", "9", "10", "x", "")).map((cells) => cells.join("\t"));
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 6 }), fc.constantFrom("\n", "\r\n"), async (rows, end) => {
        await writeFile(path, HEADER + rows.map((r) => r + end).join(""));
        const plain = await readPlainQrels(path);
        if (!plain) return;
        const careful = new Map<string, Map<string, number>>();
        for await (const row of readQrels(path)) {
          if (row.problems) return expect.unreachable(row.problems[0]!.got);
          const { query, target, grade } = row.value;
          careful.set(query, (careful.get(query) ?? new Map<string, number>()).set(target, grade));
        }
        expect(plain).toEqual(careful);
      }),
      { numRuns: 300 },
    );
  });
});
