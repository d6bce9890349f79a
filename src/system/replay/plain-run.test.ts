import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { readPlainRun } from "./plain-run.ts";
import { readRunFile } from "./run-file.ts";

async function fileOf(content: string): Promise<string> {
  const path = join(await tempFolder(), "saved.run");
  await writeFile(path, content);
  return path;
}
const scoreOf = async (score: string) =>
  (await readPlainRun(await fileOf(`q Q0 a 1 ${score} s\n`)))?.get("q")?.scores[0];

describe("readPlainRun", () => {
  it("reads hits in the order of the file, whatever white space stands between", async () => {
    const run = await readPlainRun(await fileOf("  q1 Q0 a 1 2.5 s\r\nq1\tQ0\tb\t2\t3\ts \n\n__proto__ Q0 a 1 1 s"));
    expect([...run!]).toEqual([
      ["q1", { ids: ["a", "b"], scores: [2.5, 3] }],
      ["__proto__", { ids: ["a"], scores: [1] }],
    ]);
  });

  it.each(["0", "-0.5", "12.345678", ".5", "5.", "999999999999999", "0.1234567890123456789", "-123456789012345678"])(
    "reads the score %s as Number does",
    async (score) => {
      expect(await scoreOf(score)).toBe(Number(score));
    },
  );

  it("reads every decimal as Number does", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.nat({ max: 12 }), async (whole, places) => {
        const score = (whole / 10 ** places).toFixed(places);
        expect(await scoreOf(score)).toBe(Number(score));
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ["a score in another form", "q Q0 a 1 1e3 s\n"],
    ["a score that is no number", "q Q0 a 1 high s\n"],
    ["a lone dot", "q Q0 a 1 . s\n"],
    ["two dots", "q Q0 a 1 1.2.3 s\n"],
    ["five columns", "q Q0 a 1 1\n"],
    ["seven columns", "q Q0 a 1 1 s t\n"],
    ["an id twice", "q Q0 a 1 2 s\nq Q0 a 2 1 s\n"],
    ["a query in two places", "q Q0 a 1 2 s\nr Q0 a 1 1 s\nq Q0 b 2 1 s\n"],
    ["a letter beyond ASCII", "q Q0 é 1 2 s\n"],
    ["a byte-order mark", "\ufeffq Q0 a 1 2 s\n"],
    ["a control character", "q Q0 a\u0001 1 2 s\n"],
  ])("leaves to the careful reader a file with %s", async (_what, content) => {
    expect(await readPlainRun(await fileOf(content))).toBeUndefined();
  });
});

describe("a run read plainly", () => {
  it("ranks as the same run read carefully", async () => {
    const hit = fc.tuple(fc.constantFrom("q1", "q2"), fc.constantFrom("a", "b", "c", "10", "9"), fc.nat({ max: 3 }));
    const plainPath = await fileOf("");
    const carefulPath = await fileOf("");
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(hit, { selector: ([q, id]) => `${q} ${id}`, maxLength: 10 }), async (hits) => {
        const lines = hits.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
        await writeFile(plainPath, lines.map(([q, id, s]) => `${q} Q0 ${id} 1 ${s} s\n`).join(""));
        await writeFile(carefulPath, lines.map(([q, id, s]) => `${q} Q0 ${id} 1 ${s}e0 s\n`).join(""));
        const [plain, careful] = [await readRunFile(plainPath, "plain"), await readRunFile(carefulPath, "careful")];
        for (const query of ["q1", "q2", "q3"]) expect(plain.ranking(query, 9)).toEqual(careful.ranking(query, 9));
      }),
      { numRuns: 100 },
    );
  });
});
