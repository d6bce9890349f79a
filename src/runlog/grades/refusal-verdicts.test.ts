import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scored, unscored } from "../../core/outcome.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { carryOver } from "../carry-over.ts";
import { openRun } from "../open-run.ts";
import { readLog, readRun } from "../read-run.ts";
import { readScores } from "../read-scores.ts";
import type { AnswerLine } from "../schema.ts";
import { ANSWERED, CELL } from "../scores.ts";
import { allLines, manifest, questions, writeRun } from "../testing/made-log.ts";
import type { GradedLine, GradingHead } from "./grade-schema.ts";
import { gradesFile } from "./grade-writer.ts";
import { judgeRefusalsCommand } from "./refusal-verdicts.ts";

const JUDGE = { id: "__proto__", sha256: "a".repeat(64), rubric: "b".repeat(64), config: {} };
const MANIFEST = manifest({
  ...{ schema: 2, refusalJudge: { id: JUDGE.id, sha256: JUDGE.sha256, criterion: "declines" } },
});
/** If it is a refusal: no exact match, and one more metric that speaks of refusals alone. */
const IF_REFUSED = { EM: scored(0), RefusalPrecision: scored(1) };

/** The made run with every answer of the conditions named left to the judge; of the other the system says that it declined. */
const leftToJudge = (conditions: readonly string[]) =>
  allLines(MANIFEST).map((line) => {
    if (line.kind !== "answer") return line;
    const outcomes = { EM: scored(1), RefusalPrecision: unscored("not-applicable", "") };
    const { refused: _, ...left } = { ...line, outcomes, refusedBy: "judge: x", ifRefused: IF_REFUSED };
    return conditions.includes(line.condition) ? left : { ...line, refused: true, refusedBy: "system", outcomes };
  });

const grade = (query: string, trial: number, declines: number | "failed", more: object = {}): GradedLine => {
  const place = { query, condition: "closed-book", trial, repeat: 0 };
  if (declines === "failed")
    return { kind: "judge-failure", ...place, code: "E_VERDICT_PROSE", message: "", asked: 2, ...more };
  return { kind: "grade", ...place, scores: { declines }, reason: "", asked: 1, ...more };
};

async function judgedRun(
  grades: readonly GradedLine[],
  { head = {}, left = ["rag@2", "closed-book"] }: { head?: Partial<GradingHead>; left?: readonly string[] } = {},
): Promise<string> {
  const dir = join(await tempFolder(), "run");
  await writeRun(dir, leftToJudge(left), MANIFEST);
  const full: GradingHead = {
    ...{ kind: "grading", schema: 1, run: MANIFEST.run, log: (await openRun(dir)).end!.sha256, judge: JUDGE },
    ...{
      criteria: [
        { id: "declines", question: "?", steps: [0, 1].map((value) => ({ name: `${value}`, value, anchor: "" })) },
      ],
    },
    ...{ repeats: 1, refusals: "judged", startedAt: "2026-01-01T00:00:00.000Z", ...head },
  };
  const path = gradesFile(dir, full.judge);
  await mkdir(join(dir, "grades"));
  await writeFile(path, [full, ...grades].map((line) => `${JSON.stringify(line)}\n`).join(""));
  return dir;
}

async function answersOf(dir: string): Promise<AnswerLine[]> {
  const found: AnswerLine[] = [];
  for await (const line of readRun(dir)) if (line.kind === "answer") found.push(line);
  return found;
}

const [FIRST, SECOND] = questions.map(({ id }) => id) as [string, string];

describe("a run whose refusals a judge decides", () => {
  it("is read with the judge's word in each answer and in what hangs on it, by hand", async () => {
    const dir = await judgedRun([grade(FIRST, 0, 1), grade(FIRST, 1, 0), grade(SECOND, 0, "failed")]);
    const of = (query: string, trial: number) => (line: AnswerLine) =>
      line.query === query && line.trial === trial && line.condition === "closed-book";
    const answers = await answersOf(dir);
    expect(answers.find(of(FIRST, 0))).toMatchObject({ refused: true, outcomes: IF_REFUSED });
    expect(answers.find(of(FIRST, 1))).toMatchObject({ refused: false, outcomes: { EM: scored(1) } });
    const failed = answers.find(of(SECOND, 0))!;
    expect(failed).toMatchObject({ undecided: "judge-failed", outcomes: { EM: { reason: "judge-failed" } } });
    expect(failed).not.toHaveProperty("refused");
    expect(answers.find(of(SECOND, 1))).toMatchObject({
      undecided: "not-judged",
      outcomes: { EM: { state: "unscored", reason: "not-judged" }, RefusalPrecision: { reason: "not-judged" } },
    });
    for (const line of answers) expect(line).not.toHaveProperty("ifRefused");
  });

  it("is summed up: cells, counts, the metrics that hang on the judge, and the conditions it has been at", async () => {
    const dir = await judgedRun([grade(FIRST, 0, 1), grade(FIRST, 1, 0), grade(SECOND, 0, "failed")]);
    const { groups, refusals } = await readScores(dir);
    expect(Array.from(groups.get("closed-book")!.answered)).toEqual([
      ...[
        ANSWERED.refused,
        ANSWERED.answered,
        ANSWERED.noVerdict,
        ANSWERED.notJudged,
        ANSWERED.notJudged,
        ANSWERED.notJudged,
      ],
    ]);
    expect(Array.from(groups.get("closed-book")!.metrics.get("EM")!.states)).toEqual([
      ...[CELL.scored, CELL.scored, CELL.unscored, CELL.unscored, CELL.unscored, CELL.unscored],
    ]);
    expect(refusals).toMatchObject({ refused: 1, answered: 1, noVerdict: 1, notJudged: 7, others: [] });
    expect([...refusals!.decides]).toEqual(["EM", "RefusalPrecision"]);
    expect([...refusals!.conditions]).toEqual(["closed-book"]);
    // Under rag@2 nothing is judged: not even the floor of a failure is a figure there.
    expect(Array.from(groups.get("rag@2")!.metrics.get("EM")!.states).every((state) => state === CELL.unscored)).toBe(
      true,
    );
    expect(judgeRefusalsCommand(MANIFEST, refusals!)).toBe(`bench judge run --judge __proto__ ${MANIFEST.run}`);
    expect(judgeRefusalsCommand(MANIFEST, { notJudged: 0 })).toBeUndefined();
  });

  it("keeps what the system itself said, whatever the judge says", async () => {
    const dir = await judgedRun([grade(FIRST, 0, 0)], { left: ["rag@2"] });
    const own = (await answersOf(dir)).filter(({ condition }) => condition === "closed-book");
    expect(own.map(({ refused }) => refused)).toEqual([true, true, true, true, true, true]);
  });

  it.each([
    ["another version of the judge", { judge: { ...JUDGE, sha256: "c".repeat(64) } }, ["cccccccc"]],
    ["another log", { log: "d".repeat(64) }, []],
    ["another judge", { judge: { ...JUDGE, id: "j" } }, []],
  ])("takes nothing from grades by %s", async (_, head, others) => {
    const { refusals } = await readScores(await judgedRun([grade(FIRST, 0, 1)], { head }));
    expect(refusals).toMatchObject({ refused: 0, answered: 0, noVerdict: 0, notJudged: 10, others });
  });

  it("goes by the greater number of repeats; as many on either side are no verdict", async () => {
    const votes = fc.array(fc.constantFrom(0, 1, "failed" as const), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(votes, async (given) => {
        const dir = await judgedRun(given.map((vote, repeat) => grade(FIRST, 0, vote, { repeat })));
        const [line] = (await answersOf(dir)).filter(
          ({ query, condition }) => query === FIRST && condition === "closed-book",
        );
        const [yes, no] = [1, 0].map((value) => given.filter((vote) => vote === value).length) as [number, number];
        expect(line!.refused).toBe(yes > no ? true : no > yes ? false : undefined);
        expect(line!.undecided).toBe(yes === no ? "judge-failed" : undefined);
      }),
      { numRuns: 25 },
    );
  });

  it("passes over grades of questions, conditions and trials that the run has not", async () => {
    const strays = [grade("../../gone", 0, 1), grade(FIRST, 9, 1), grade(FIRST, 0, 1, { condition: "rag@9" })];
    const { refusals } = await readScores(await judgedRun(strays));
    expect(refusals).toMatchObject({ refused: 0, notJudged: 10 });
  });

  it("is kept as it was written: the log has both readings, and so has a run that asks its failures again", async () => {
    const dir = await judgedRun([grade(FIRST, 0, 1)]);
    const raw: unknown[] = [];
    for await (const line of readLog(dir)) if (line.kind === "answer") raw.push(line);
    const carried: unknown[] = [];
    for await (const line of (await carryOver(dir)).lines()) if (line.kind === "answer") carried.push(line);
    expect(raw[0]).toMatchObject({ ifRefused: IF_REFUSED });
    expect(carried).toEqual(raw);
  });

  it("counts no grade of an answer that declined, or may have, where a judge keeps refusals apart", async () => {
    const head: Partial<GradingHead> = {
      judge: { ...JUDGE, id: "quality", sha256: "e".repeat(64) },
      refusals: "apart",
    };
    const dir = await judgedRun([grade(FIRST, 0, 1), grade(FIRST, 1, 1), grade(SECOND, 0, 1)], { head });
    const open = await readScores(dir);
    const states = ({ groups }: typeof open) =>
      Array.from(groups.get("closed-book")!.metrics.get("quality/declines")!.states.slice(0, 4));
    expect(states(open)).toEqual([CELL.unscored, CELL.unscored, CELL.unscored, CELL.unscored]);
    const full = { ...(head as GradingHead), judge: JUDGE, refusals: "judged" as const };
    const decided = [
      { ...full, kind: "grading", schema: 1, run: MANIFEST.run, log: (await openRun(dir)).end!.sha256, repeats: 1 },
      ...[grade(FIRST, 0, 1), grade(FIRST, 1, 0)],
    ];
    const criteria = [
      { id: "declines", question: "?", steps: [0, 1].map((value) => ({ name: `${value}`, value, anchor: "" })) },
    ];
    Object.assign(decided[0]!, { criteria, startedAt: "2026-01-02T00:00:00.000Z" });
    await writeFile(gradesFile(dir, JUDGE), decided.map((line) => `${JSON.stringify(line)}\n`).join(""));
    expect(states(await readScores(dir))).toEqual([CELL.notApplicable, CELL.scored, CELL.unscored, CELL.unscored]);
  });

  it("is so in the run folder of version 2 that is kept", async () => {
    const fixture = join(import.meta.dirname, "../../../fixtures/runs/schema-2");
    const by = new Map((await answersOf(fixture)).map((line) => [line.query, line]));
    expect(by.get("over")).toMatchObject({ refused: true, refusedBy: "judge: declines-yes-no" });
    expect(by.get("hedged")).toMatchObject({ refused: false, refusedBy: "judge: declines-yes-no" });
    expect(by.get("flagged")).toMatchObject({ refused: true, refusedBy: "system" });
  });

  it("refuses a log in which an answer says neither that it is a refusal nor what if", async () => {
    const dir = join(await tempFolder(), "run");
    const lines = leftToJudge(["rag@2", "closed-book"]).map((line) => {
      if (line.kind !== "answer") return line;
      const { ifRefused: _, ...rest } = line;
      return rest;
    });
    await writeRun(dir, lines, MANIFEST);
    await expect(answersOf(dir)).rejects.toMatchObject({ code: "E_RUN_LINE" });
  });
});
