import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BadArgument } from "../../core/errors.ts";
import { panelGrade } from "./panel-grade.ts";

const graded = (value: number, judges: number) => ({ state: "graded", value, judges });
const ungraded = (reason: string, judges: number) => ({ state: "ungraded", reason, judges });

describe("panelGrade", () => {
  it.each([
    [[2, 3, 3], "majority", graded(3, 3)],
    [[0, 1, 2], "majority", ungraded("no-majority", 3)],
    [[1, 1, 2, 2], "majority", ungraded("no-majority", 4)],
    [[1, 1, 2, undefined], "majority", graded(1, 3)],
    [[1, undefined, undefined], "majority", ungraded("too-few-judges", 1)],
    [[0, 1, 3], "median", graded(1, 3)],
    [[0, 1, 2, 3], "median", graded(1, 4)],
    [[3, undefined, 0], "median", graded(0, 2)],
    [[undefined], "median", ungraded("too-few-judges", 0)],
    [[2], "majority", graded(2, 1)],
  ] as const)("%j by %s", (grades, rule, expected) => {
    expect(panelGrade(grades, { rule })).toEqual(expected);
  });

  it("grades with fewer judges when the quorum says so", () => {
    expect(panelGrade([1, undefined, undefined], { rule: "median", quorum: 1 })).toEqual(graded(1, 1));
    expect(panelGrade([1, 1, undefined], { rule: "median", quorum: 3 })).toEqual(ungraded("too-few-judges", 2));
  });

  it("gives a grade that a judge gave, whoever comes first; a majority is the median", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 7 }), (grades) => {
        const median = panelGrade(grades, { rule: "median" });
        const majority = panelGrade(grades, { rule: "majority" });
        expect(grades).toContain((median as { value: number }).value);
        expect(panelGrade([...grades].reverse(), { rule: "median" })).toEqual(median);
        const half = grades.length / 2;
        const most = [0, 1, 2, 3].find((x) => grades.filter((grade) => grade === x).length > half);
        expect(majority).toEqual(
          most === undefined ? ungraded("no-majority", grades.length) : graded(most, grades.length),
        );
        if (most !== undefined) expect(majority).toEqual(median);
      }),
    );
  });

  it.each([
    ["NaN", [Number.NaN], undefined],
    ["a quorum beyond the panel", [1], 2],
    ["a quorum of none", [1], 0],
    ["no judge", [], undefined],
  ])("refuses %s", (_, grades, quorum) => {
    expect(() => panelGrade(grades, { rule: "median", quorum })).toThrow(BadArgument);
  });
});
