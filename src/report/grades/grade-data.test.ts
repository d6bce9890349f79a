import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { openRun, writeRunLabels } from "../../runlog/index.ts";
import { readWholeRun } from "../run-page/read-whole-run.ts";
import { answeredRun } from "../testing/answered-run.ts";
import { JUDGE, judgeRun, type MadeGrades } from "../testing/judged-run.ts";

interface Piece {
  readonly [key: string]: unknown;
}

/** What the page gets to read. */
async function pieces(folder: string): Promise<Map<string, Piece>> {
  const found = new Map<string, Piece>();
  for (const name of await readdir(folder)) {
    const plumbline = { piece: (id: string, value: Piece) => found.set(id, value) };
    runInNewContext(await readFile(join(folder, name), "utf8"), { plumbline });
  }
  return found;
}

async function written(dir: string) {
  const out = await tempFolder();
  const { grades } = await readWholeRun(await openRun(dir), { data: await tempFolder(), grades: out });
  return { judges: grades, data: await pieces(out) };
}

async function label(dir: string, given: Readonly<Record<string, number>>, rubric: string = JUDGE.rubric) {
  const { manifest, end } = await openRun(dir);
  const lines = Object.entries(given).map(([query, score]) => ({
    ...({ kind: "label", query, condition: "rag@2", trial: 0 } as const),
    given: [["correctness", "anna", score] as [string, string, number]],
  }));
  const head = { kind: "labels", schema: 1, run: manifest.run, log: end!.sha256, rubric, at: "", files: [] } as const;
  await writeRunLabels(dir, { ...head, files: [] }, lines);
}

const listOf = (data: Map<string, Piece>, name = "j0l0000") =>
  data.get(name) as unknown as [id: string, text: string, rows: unknown[][]][];

describe("the data of the pages of grades", () => {
  it("has every answer a judge was to grade with its verdict, in the dataset's order, labels beside it", async () => {
    const dir = await answeredRun(
      {
        __proto: { "rag@2": "1", oracle: "0" },
        "../../x": { "rag@2": "refused", oracle: "failed" },
        c: { "rag@2": "0", oracle: "1" },
      },
      ["rag@2", "oracle"],
    );
    // Written as verdicts come, not in the order of the questions.
    const grades: MadeGrades = { "c oracle": [3, 3], "__proto rag@2": [0, 1], "c rag@2": "failed" };
    await judgeRun(dir, grades);
    await label(dir, { c: 2, __proto: 3 });
    const { judges, data } = await written(dir);
    expect(judges).toMatchObject([{ number: 0, graded: 2, failed: 1, open: 1, apart: 1, labelled: 2 }]);
    expect(listOf(data)).toEqual([
      [
        "__proto",
        "__proto",
        [
          [0, 0, "g", [0.25, 0, 1], [null, 3, null], ""],
          [1, 0, "-", [null, null, null], null, ""],
        ],
      ],
      ["../../x", "../../x", []],
      [
        "c",
        "c",
        [
          [0, 0, "x", [null, null, null], [null, 2, null], "prose"],
          [1, 0, "g", [3, 3, 3], null, ""],
        ],
      ],
    ]);
    expect(data.get("j0")).toMatchObject({ questions: 3, conditions: ["rag@2", "oracle"], labelled: 2 });
    const [first, , third] = data.get("j0q0000") as unknown as Piece[];
    expect(first).toMatchObject({
      text: "__proto",
      answers: ["x"],
      details: [
        { answer: "1", people: [["anna", [3, null]]], verdicts: [{ scores: [0, 1], reason: "" }] },
        { verdicts: [] },
      ],
    });
    expect(third).toMatchObject({ details: [{ verdicts: [{ code: "E_VERDICT_PROSE", message: "prose" }] }, {}] });
  });

  it("writes pieces of equal size for many questions, a set for each judge", async () => {
    const ids = Array.from({ length: 520 }, (_, i) => `q${i}`);
    const dir = await answeredRun(Object.fromEntries(ids.map((id) => [id, { "rag@2": "1" }])), ["rag@2"]);
    const grades = Object.fromEntries(ids.map((id, i) => [`${id} rag@2`, [i % 4, 0] as const]));
    await judgeRun(dir, grades);
    await judgeRun(dir, { "q7 rag@2": [1, 1] }, { head: { judge: { ...JUDGE, id: "k", config: {} } } });
    const { judges, data } = await written(dir);
    expect(judges.map(({ head, graded, open }) => [head.judge.id, graded, open])).toEqual([
      ["j", 520, 0],
      ["k", 1, 519],
    ]);
    expect(listOf(data, "j0l0000")).toHaveLength(500);
    expect(listOf(data, "j0l0001").map(([id]) => id)).toEqual(ids.slice(500));
    expect(data.get("j1q0010")).toHaveLength(20);
    expect(data.size).toBe(2 * (1 + 2 + 11));
  });

  it("shows no labels that are of another rubric, and cuts what is too long to be read", async () => {
    const dir = await answeredRun({ a: { "rag@2": "1" }, b: { "rag@2": "0".repeat(30_000) } }, ["rag@2"]);
    await judgeRun(dir, { "a rag@2": [0, 0], "b rag@2": [1, 1] });
    await label(dir, { a: 2 }, "9".repeat(64));
    const { judges, data } = await written(dir);
    expect(judges).toMatchObject([{ labelled: 0 }]);
    const [, b] = data.get("j0q0000") as unknown as { details: { answer: [string, number] }[] }[];
    expect(b!.details[0]!.answer[1]).toBe(30_000);
  });

  it("writes nothing for a run that nobody graded", async () => {
    const { judges, data } = await written(await answeredRun({ a: { "rag@2": "1" } }, ["rag@2"]));
    expect([judges, data.size]).toEqual([[], 0]);
  });
});
