import { describe, expect, it } from "vitest";
import { type GradedLine, type GradingHead, judgedParts, type LabelLine } from "../../runlog/index.ts";
import { CRITERIA, JUDGE } from "../testing/judged-run.ts";
import { GradeRows } from "./grade-rows.ts";

const head = (repeats: number): GradingHead => ({
  ...{ kind: "grading", schema: 1, run: "r", log: "0".repeat(64), judge: { ...JUDGE, config: {} }, criteria: CRITERIA },
  ...{ repeats, refusals: "apart", startedAt: "2026-05-30T00:00:00.000Z" },
});
const rows = (repeats = 1) => new GradeRows(head(repeats), judgedParts(head(repeats)));
const place = { query: "q", condition: "rag@2", trial: 0 };
const grade = (correctness: number, clear: number, repeat = 0, reason = "because"): GradedLine => ({
  ...{ kind: "grade", ...place, repeat, scores: { correctness, clear }, reason, asked: 1 },
});
const failure = (repeat = 0): GradedLine => ({
  ...{ kind: "judge-failure", ...place, repeat, code: "E_VERDICT_PROSE", message: "prose", raw: "I think…", asked: 2 },
});
const labels = (...given: LabelLine["given"]) => given;

describe("GradeRows", () => {
  it("has composite and criteria: the mean over repeats beside the median of people's labels, the lower of two", () => {
    const people = labels(
      ["correctness", "anna", 1],
      ["correctness", "ben", 2],
      ["clear", "anna", 3],
      ["clear", "ben", 0],
      ["clear", "cleo", 2],
    );
    // Composite: ¾ correctness and ¼ clear.
    expect(rows(2).row(1, 0, [grade(3, 1), grade(2, 2, 1)], people)).toEqual([
      ...[1, 0, "g"],
      [(2.5 + 2) / 2, 2.5, 1.5],
      [0.75 * 1 + 0.25 * 2, 1, 2],
      "because",
    ]);
  });

  it("has no composite where a part has no label, and no labels where nobody labelled", () => {
    const [, , , , some] = rows().row(0, 0, [grade(3, 3)], labels(["clear", "anna", 0]));
    expect(some).toEqual([null, null, 0]);
    expect(rows().row(0, 0, [grade(3, 3)], undefined)[4]).toBeNull();
  });

  it.each([
    ["not judged yet", [], "-", [null, null, null], ""],
    ["no verdict", [failure(0), failure(1)], "x", [null, null, null], "prose"],
    ["a verdict in some repeats", [failure(0), grade(2, 2, 1)], "p", [2, 2, 2], "prose"],
    ["a verdict in all", [grade(2, 2, 0, "x".repeat(500)), grade(2, 2, 1)], "g", [2, 2, 2], `${"x".repeat(119)}…`],
  ] as const)("tells %s", (_, lines, state, grades, said) => {
    const row = rows(2).row(0, 0, lines, undefined);
    expect([row[2], row[3], row[5]]).toEqual([state, grades, said]);
  });

  it("keeps every verdict and every person's labels apart, whatever raters and criteria are called", () => {
    const people = labels(["correctness", "__proto__", 1], ["clear", "__proto__", 2], ["elsewhere", "ben", 9]);
    expect(rows(2).detail([grade(3, 1), failure(1)], people)).toEqual({
      verdicts: [
        { scores: [3, 1], reason: "because", asked: 1 },
        { code: "E_VERDICT_PROSE", message: "prose", raw: "I think…", asked: 2 },
      ],
      people: [
        ["__proto__", [1, 2]],
        ["ben", [null, null]],
      ],
    });
  });
});
