import { describe, expect, it } from "vitest";
import { readScores } from "../../runlog/index.ts";
import { answeredRun } from "../testing/answered-run.ts";
import { judgeRun, type MadeGrades } from "../testing/judged-run.ts";
import { binsText } from "./grade-distribution.ts";
import { judgedCell } from "./judged-cell.ts";

/** Four questions: two graded, one the system failed on, one refused; more on demand. */
async function cellOf(grades: MadeGrades, name = "j/correctness", more: Record<string, Record<string, string>> = {}) {
  const dir = await answeredRun(
    {
      ...{ a: { "rag@2": "1" }, b: { "rag@2": "0" }, c: { "rag@2": "failed" }, d: { "rag@2": "refused" } },
      ...more,
    },
    ["rag@2"],
  );
  return judgedCell(await readScores(await judgeRun(dir, grades)), "rag@2", name);
}

describe("judgedCell", () => {
  it("counts grades, the floor of failures, and answers that declined in no mean, by hand", async () => {
    const cell = await cellOf({ "a rag@2": [3, 2], "b rag@2": [1, 3] });
    expect(cell?.bounds).toBeUndefined();
    // 3, 1 and the floor 0 of the failure.
    expect(cell?.grades).toMatchObject({ graded: 2, failed: 1, unscored: 0 });
    expect(cell?.grades?.mean).toBeCloseTo(4 / 3, 12);
    expect(cell?.grades?.variance).toBeCloseTo(7 / 3, 12);
    expect(cell?.grades?.p90).toBeCloseTo(2.6, 12);
    expect(binsText(cell!.grades!)).toBe("0:0 1:1 2:0 3:1");
  });

  it("puts a composite into tenths of its range, its ends included", async () => {
    const cell = await cellOf({ "a rag@2": [3, 3], "b rag@2": [0, 0] }, "j/composite");
    const { bins } = cell!.grades!;
    expect(bins).toHaveLength(10);
    expect([bins[0], bins[9]]).toEqual([
      { from: 0, to: 0.3, count: 1 },
      { from: 2.7, to: 3, count: 1 },
    ]);
  });

  it("says the worst and the best mean that answers without a grade allow; a failure of the system stays at the floor", async () => {
    const cell = await cellOf({ "a rag@2": [3, 2], "b rag@2": "failed" });
    // Question means 3, open, 0: with the open one at 0 and at 3.
    expect(cell?.bounds).toEqual({ worst: 1, best: 2, unscored: 1 });
    expect(cell?.grades).toMatchObject({ graded: 1, unscored: 1 });
  });

  it("is unbounded by nothing: with no grade at all the mean may lie anywhere on the scale", async () => {
    const cell = await cellOf({}, "j/correctness", { c: { "rag@2": "0" } });
    expect(cell?.bounds).toEqual({ worst: 0, best: 3, unscored: 3 });
    expect(cell?.grades).toMatchObject({ graded: 0, failed: 0 });
    expect(cell?.grades?.mean).toBeUndefined();
    expect(JSON.stringify(cell)).not.toMatch(/NaN|null/);
  });

  it("is nothing for a column that no judge filled", async () => {
    expect(await cellOf({}, "EM")).toBeUndefined();
  });
});
