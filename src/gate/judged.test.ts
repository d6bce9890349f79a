import { describe, expect, it } from "vitest";
import { DataError } from "../core/errors.ts";
import type { Calibration, Scores } from "../runlog/index.ts";
import { gate } from "./gate.ts";
import { limitsOf } from "./limits.ts";
import { SCORES, shifted } from "./testing/gated.ts";
import { madeScores } from "./testing/made-scores.ts";

const COLUMN = "answer-0-3/correctness";
const SHA = "a".repeat(64);

function run(name: string, cells: readonly number[], limit: unknown = { min_effect: 0.06 }, sha256 = SHA): Scores {
  const made = madeScores({ run: name, groups: { "rag@3": { [COLUMN]: cells } }, gate: { [COLUMN]: limit } });
  const judge = { id: "answer-0-3", sha256, config: {}, rubric: SHA };
  const column = { name: COLUMN, judge, criterion: "correctness", question: "", judgeFailures: 0, repeats: 1 };
  return { ...made, judged: new Map([[COLUMN, { ...column, range: [0, 3] as const, values: [0, 1, 2, 3] }]]) };
}

function calibration(changed: Partial<Calibration> = {}): Calibration {
  const figures = { exact: { value: 0.8, n: 90 }, quadratic_kappa: { value: 0.7, n: 90 } };
  const compared = { n: 90, questions: 90, judgeFailed: 0, figures, confusion: [], bySystem: [], byTag: [] };
  return {
    kind: "calibration",
    schema: 1,
    judge: { id: "answer-0-3", sha256: SHA, rubric: SHA },
    at: "2026-05-31T00:00:00.000Z",
    level: 0.95,
    labels: { files: [], labels: 90, items: 90, raters: 1 },
    criteria: [{ id: "correctness", scale: [0, 1, 2, 3], ...compared }],
    thresholds: [],
    ...changed,
  };
}

const GRADES = SCORES.map((x) => Math.round(3 * x));
const gated = (a: Scores, b: Scores, found?: Calibration) =>
  gate(a, b, limitsOf(b.manifest), { seed: 0, ...(found && { calibrations: new Map([["answer-0-3", found]]) }) });

describe("a judge's column", () => {
  it("is gated on its own range like a metric, when the judge is calibrated", () => {
    const same = gated(run("base", GRADES), run("cand", GRADES), calibration());
    expect(same.checks[0]).toMatchObject({
      metric: COLUMN,
      range: [0, 3],
      verdict: "pass",
      judge: { id: "answer-0-3", state: "calibrated", part: "grades" },
    });
    expect(gated(run("base", GRADES), run("cand", shifted(-0.2)), calibration()).verdict).toBe("fail");
  });

  it("is noted when the judge's model also answered or wrote the references", () => {
    const own = run("cand", GRADES);
    const column = own.judged.get(COLUMN)!;
    const parts = [
      { role: "contestant" as const, model: "m", of: "raft-8b" },
      { role: "references" as const, model: "m" },
    ];
    const judged = new Map([[COLUMN, { ...column, judge: { ...column.judge, selfPreference: parts } }]]);
    expect(gated(run("base", GRADES), { ...own, judged }, calibration()).notes).toContain(
      `${COLUMN}: the judge's model also gave the answers of raft-8b and wrote the references, and models tend to prefer their own`,
    );
    expect(gated(run("base", GRADES), own, calibration()).notes.join()).not.toContain("prefer");
  });

  it.each<[string, Calibration | undefined, RegExp]>([
    ["uncalibrated", undefined, /not compared with people.*bench calibrate/],
    ["stale", calibration({ judge: { id: "answer-0-3", sha256: "b".repeat(64), rubric: SHA } }), /has changed since/],
    [
      "below its thresholds",
      calibration({
        thresholds: [
          { criterion: "correctness", figure: "quadratic_kappa", atLeast: 0.8, got: { value: 0.7, n: 90 }, met: false },
        ],
      }),
      /agrees with people less/,
    ],
  ])("does not pass while its judge is %s, even on an identical run or a plain floor", (state, found, reason) => {
    for (const limit of [{ min_effect: 0.06 }, { at_least: 0.1 }, { at_least: 0.1, point: true }]) {
      const { verdict, checks } = gated(run("base", GRADES), run("cand", GRADES, limit), found);
      expect(verdict).toBe("cannot tell");
      expect(checks[0]).toMatchObject({ verdict: "cannot tell", judge: { id: "answer-0-3", state } });
      expect(checks[0]!.reason).toMatch(reason);
      expect(checks[0]!.moreQuestions).toBeUndefined();
    }
  });

  it("fails all the same while its judge is uncalibrated", () => {
    expect(gated(run("base", GRADES), run("cand", shifted(-0.2))).verdict).toBe("fail");
  });

  it("is refused where two versions of the judge graded the runs, or one run was not graded", () => {
    const other = run("cand", GRADES, {}, "c".repeat(64));
    expect(() => gated(run("base", GRADES), other, calibration())).toThrow(DataError);
    const ungraded = madeScores({ groups: { "rag@3": { F1: SCORES } }, gate: {} });
    expect(() => gated(ungraded, run("cand", GRADES), calibration())).toThrow(/answer-0-3\/correctness under rag@3/);
  });

  it("passes on labels of people, who are measured against nobody", () => {
    const labelled = (name: string, cells: readonly number[]): Scores => {
      const made = run(name, cells);
      const column = { ...made.judged.get(COLUMN)!, people: { raters: 2, alpha: 0.7 } };
      return { ...made, judged: new Map([[COLUMN, column]]) };
    };
    const { verdict, checks } = gated(labelled("base", GRADES), labelled("cand", GRADES));
    expect(verdict).toBe("pass");
    expect(checks[0]!.judge).toMatchObject({ state: "people", calibration: { raters: 2 } });
    expect(gated(labelled("base", GRADES), labelled("cand", shifted(-0.2))).verdict).toBe("fail");
    // A judge's grades on one side are no people's labels.
    expect(gated(labelled("base", GRADES), run("cand", GRADES)).verdict).toBe("cannot tell");
  });

  it("is told with how far its judge was measured, and that it stands alone", () => {
    const alone = "only a judge's scores are gated: gate an answer metric such as F1 beside them";
    const notes = (found?: Calibration) => gated(run("base", GRADES), run("cand", GRADES), found).notes;
    expect(notes(calibration())).toEqual([
      `${COLUMN}: judge answer-0-3 was compared with people on 2026-05-31: exact .800, quadratic κ .700, n 90`,
      alone,
    ]);
    expect(notes()).toEqual([`${COLUMN}: judge answer-0-3 was not compared with people`, alone]);
    expect(notes(calibration({ judge: { id: "answer-0-3", sha256: "b".repeat(64), rubric: SHA } }))).toEqual([
      `${COLUMN}: judge answer-0-3 is another than the one compared with people on 2026-05-31`,
      alone,
    ]);
    const beside = (name: string): Scores => {
      const made = run(name, GRADES);
      const both = madeScores({
        run: name,
        groups: { "rag@3": { [COLUMN]: GRADES, F1: SCORES } },
        gate: { [COLUMN]: { min_effect: 0.06 }, F1: { min_effect: 0.06 } },
      });
      return { ...both, judged: made.judged };
    };
    expect(gated(beside("base"), beside("cand"), calibration()).notes).not.toContain(alone);
  });
});
