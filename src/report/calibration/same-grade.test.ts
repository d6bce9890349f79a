import { describe, expect, it } from "vitest";
import { madeCalibration } from "../testing/judged-run.ts";
import { formatCalibration, sameGradeText } from "./calibration-text.ts";

describe("sameGradeText", () => {
  it("warns of a judge that gave all answers one grade, and of no other", () => {
    const [criterion] = madeCalibration().criteria;
    const constant = [0, 0, 6, 287].map((count) => [0, 0, 0, count]);
    expect(sameGradeText({ scale: [1, 2, 3, 4], confusion: constant })).toMatch(
      /every answer the grade 4: it tells none/,
    );
    expect(sameGradeText(criterion!)).toBeUndefined();
    // Nobody labelled anything: then the judge is not the one to blame.
    expect(sameGradeText({ scale: [0, 1], confusion: [[0, 0], [0, 0]] })).toBeUndefined(); // biome-ignore format: a table
    const criteria = [{ ...criterion!, confusion: constant }];
    for (const format of ["text", "markdown"] as const)
      expect(formatCalibration(madeCalibration({ criteria }), format, { columns: 120 })).toContain(
        "the grade 3: it tells",
      );
  });
});
