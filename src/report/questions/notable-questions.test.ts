import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { openRun } from "../../runlog/index.ts";
import { readWholeRun } from "../run-page/read-whole-run.ts";
import { type MadeRun, makeRun } from "../testing/made-run.ts";
import { notableQuestions } from "./notable-questions.ts";

async function notable(made: Partial<MadeRun>) {
  const folder = await tempFolder();
  const dir = await makeRun(folder, {
    run: "r",
    system: "s",
    skill: 0.5,
    questions: 24,
    conditions: ["rag@3"],
    ...made,
  });
  const { scores, columns, times } = await readWholeRun(await openRun(dir), { data: folder });
  return notableQuestions(scores, columns, times);
}

describe("the slowest, failed and refused questions", () => {
  it("are named by context, the slowest first, each leading to its question", async () => {
    const groups = await notable({
      failAt: [3, 9],
      more: (at) => ({ timing: { ms: at === 5 ? 9000 : 100 + at, source: "measured" } }),
    });
    const rag = groups!.find(({ name }) => name === "rag@3")!;
    const slowest = rag.slowest as { rows: { id: string; ms: string; href: string }[] };
    expect(slowest.rows.map(({ id }) => id)).toEqual(["q6", "q24", "q23", "q22", "q21"]);
    expect(slowest.rows[0]).toMatchObject({ ms: "9.00 s", href: "#on=rag%403&question=q6" });
    expect(rag.failed).toMatchObject({ count: "2", codes: [{ code: "E_ENDPOINT_TIMEOUT", count: "2" }] });
    expect((rag.failed as { rows: { id: string }[] }).rows.map(({ id }) => id)).toEqual(["q4", "q10"]);
    expect(rag.refused).toMatchObject({ href: "#on=rag%403&show=refused" });
  });

  it("are not there where nothing was measured, failed or declined", async () => {
    expect(await notable({ source: "replayed", skill: 0, questions: 2 })).toBeUndefined();
  });

  it("take the longest of several trials", async () => {
    const groups = await notable({
      ...{ trials: 2, questions: 3 },
      more: (at, _, trial) => ({ timing: { ms: at === 1 && trial === 0 ? 500 : 50, source: "measured" } }),
    });
    const { slowest } = groups!.find(({ name }) => name === "rag@3")!;
    expect((slowest as { rows: { id: string }[] }).rows[0]!.id).toBe("q2");
  });
});
