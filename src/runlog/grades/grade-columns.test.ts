import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { openRun } from "../open-run.ts";
import { readScores } from "../read-scores.ts";
import { sampleOf } from "../sample-of.ts";
import { CELL } from "../scores.ts";
import { allLines, writeRun } from "../testing/made-log.ts";
import type { GradedLine, GradingHead } from "./grade-schema.ts";

const SHA = "1".repeat(64);
const step = (value: number) => ({ name: String(value), value, anchor: "" });
const CRITERIA: GradingHead["criteria"] = [
  { id: "correctness", question: "right?", steps: [0, 1, 2, 3].map(step), weight: 0.6 },
  { id: "clear", question: "clear?", steps: [0, 1, 2, 3].map(step), weight: 0.4 },
];
/** A grade of the made run's first question, or another. */
const grade = (trial: number, correctness: number, clear: number, more: Partial<GradedLine> = {}): GradedLine =>
  ({
    ...{ kind: "grade", query: "../../x", condition: "closed-book", trial, repeat: 0 },
    ...{ scores: { correctness, clear }, reason: "", asked: 1, ...more },
  }) as GradedLine;
const failure = (trial: number, repeat = 0): GradedLine => ({
  ...{ kind: "judge-failure", query: "../../x", condition: "closed-book", trial, repeat },
  ...{ code: "E_VERDICT_PROSE", message: "prose", asked: 2 },
});

/** The scores of the made run with a grade file. Its second question failed under rag@2; some answers decline. */
async function scoresWith(lines: readonly GradedLine[], head: Partial<GradingHead> = {}, names = ["j.jsonl"]) {
  const dir = join(await tempFolder(), "run");
  const declining = allLines().map((line) =>
    line.kind === "answer" && line.query.startsWith("q") && line.trial === 0 ? { ...line, refused: true } : line,
  );
  await writeRun(dir, declining);
  const { end } = await openRun(dir);
  await mkdir(join(dir, "grades"));
  for (const [at, name] of names.entries()) {
    const full: GradingHead = {
      ...{
        kind: "grading",
        schema: 1,
        run: "tiny-made-1",
        log: end!.sha256,
        judge: { id: "j", sha256: SHA, rubric: SHA, config: {} },
      },
      ...{ criteria: CRITERIA, repeats: 1, refusals: "apart", startedAt: `2026-01-0${at + 1}T00:00:00.000Z`, ...head },
    };
    const text = [full, ...(at === names.length - 1 ? lines : [grade(0, 0, 0)])].map(
      (line) => `${JSON.stringify(line)}\n`,
    );
    await writeFile(join(dir, "grades", name), text.join(""));
  }
  return readScores(dir);
}

const column = (scores: Awaited<ReturnType<typeof scoresWith>>, name: string, group = "closed-book") => {
  const { values, states } = scores.groups.get(group)!.metrics.get(name)!;
  return Array.from(values, (value, at) =>
    states[at] === CELL.scored || states[at] === CELL.failed ? value : states[at],
  );
};
const { unscored, notApplicable } = CELL;

describe("the columns of a judge", () => {
  it("stand beside the metrics: criteria and their weighted sum", async () => {
    const scores = await scoresWith([grade(0, 3, 1), grade(1, 2, 2)]);
    expect([...scores.judged.keys()]).toEqual(["j/composite", "j/correctness", "j/clear"]);
    expect(scores.judged.get("j/correctness")).toMatchObject({ range: [0, 3], values: [0, 1, 2, 3], judgeFailures: 0 });
    expect(scores.judged.get("j/composite")).toMatchObject({ range: [0, 3], question: "60 % correctness, 40 % clear" });
    // Questions × trials: two grades, an answer not graded twice, one that declined, one not graded.
    expect(column(scores, "j/correctness")).toEqual([3, 2, unscored, unscored, notApplicable, unscored]);
    expect(column(scores, "j/composite").slice(0, 2)).toEqual([expect.closeTo(2.2, 12), 2]);
    expect(scores.groups.get("retrieval")!.metrics.has("j/clear")).toBe(false);
  });

  it("hold the floor of the scale where the system failed, and keep it", async () => {
    const late = grade(0, 3, 3, { query: "__proto__", condition: "rag@2" });
    const scores = await scoresWith([late]);
    expect(column(scores, "j/correctness", "rag@2").slice(2, 4)).toEqual([0, 0]);
    expect(sampleOf(scores, "rag@2", "j/correctness")).toMatchObject({ failed: 1 });
  });

  it("are the mean over repeats that have a grade; a failure of the judge is no grade", async () => {
    const scores = await scoresWith([grade(0, 3, 3), grade(0, 0, 3, { repeat: 1 }), failure(0, 2), failure(1)], {
      repeats: 3,
    });
    expect(column(scores, "j/correctness").slice(0, 2)).toEqual([1.5, unscored]);
    expect(scores.judged.get("j/clear")).toMatchObject({ judgeFailures: 2, repeats: 3 });
  });

  it("leave the composite out where a part is missing", async () => {
    const half = { ...grade(0, 3, 3), scores: { correctness: 3 } } as GradedLine;
    const scores = await scoresWith([half]);
    expect(column(scores, "j/correctness")[0]).toBe(3);
    expect(column(scores, "j/composite")[0]).toBe(unscored);
  });

  it("put scales of different length on 0 to 1 before they are added", async () => {
    const criteria = [{ ...CRITERIA[0]! }, { ...CRITERIA[1]!, steps: [1, 2, 3, 4, 5].map(step) }];
    const scores = await scoresWith([grade(0, 3, 1), grade(1, 3, 5)], { criteria });
    expect(scores.judged.get("j/composite")!.range).toEqual([0, 1]);
    expect(column(scores, "j/composite").slice(0, 2)).toEqual([expect.closeTo(0.6, 12), 1]);
  });

  it("of a rubric without weights are the criteria alone", async () => {
    const criteria = CRITERIA.map(({ weight: _, ...criterion }) => criterion);
    expect([...(await scoresWith([], { criteria })).judged.keys()]).toEqual(["j/correctness", "j/clear"]);
  });

  it("grade answers that decline where the judge says so", async () => {
    const scores = await scoresWith([], { refusals: "judged" });
    expect(column(scores, "j/clear")).toEqual(Array.from({ length: 6 }, () => unscored));
  });

  it("are those of the newest version of the judge, and of this log alone", async () => {
    const scores = await scoresWith([grade(0, 2, 2)], {}, ["a.jsonl", "b.jsonl"]);
    expect(column(scores, "j/correctness")[0]).toBe(2);
    expect((await scoresWith([grade(0, 2, 2)], { log: "2".repeat(64) })).judged.size).toBe(0);
  });

  it("pass over grades of questions, conditions and trials that the run does not have", async () => {
    const strangers = [
      grade(0, 3, 3, { query: "constructor" }),
      grade(0, 3, 3, { condition: "rag@9" }),
      grade(7, 3, 3),
    ];
    const scores = await scoresWith(strangers);
    expect(column(scores, "j/correctness")[0]).toBe(unscored);
  });
});
