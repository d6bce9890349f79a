import { describe, expect, it } from "vitest";
import { type Calibration, calibrationNote, type JudgedColumn } from "../../runlog/index.ts";
import { JUDGE, madeCalibration } from "../testing/judged-run.ts";
import { calibrationText } from "./calibration-note.ts";

const column = (criterion: string, sha256: string = JUDGE.sha256): JudgedColumn => ({
  ...{ name: `j/${criterion}`, criterion, question: "", range: [0, 3], judgeFailures: 0, repeats: 1 },
  judge: { ...JUDGE, sha256, config: {} },
});
const known = (calibration: Calibration) => new Map([["j", calibration]]);
const text = (criterion: string, calibration: Calibration, sha?: string) =>
  calibrationText(calibrationNote([column(criterion, sha)], known(calibration)), criterion);

describe("calibrationNote", () => {
  it("is uncalibrated where nobody compared the judge, or not on this criterion", () => {
    expect(calibrationNote([column("correctness")], new Map())).toEqual({ state: "uncalibrated" });
    expect(calibrationNote([], known(madeCalibration()))).toEqual({ state: "uncalibrated" });
    expect(text("style", madeCalibration())).toBe("uncalibrated");
    const none = madeCalibration();
    const criteria = none.criteria.map((one) => ({ ...one, n: one.id === "clear" ? 0 : one.n }));
    expect(text("clear", { ...none, criteria })).toBe("uncalibrated");
    // A composite of which a part was not compared is not either.
    expect(text("composite", { ...none, criteria })).toBe("uncalibrated");
    expect(text("correctness", { ...none, criteria })).toMatch(/^calibrated/);
  });

  it("gives agreement, labels and date of its criterion; of a composite those of its weakest part", () => {
    expect(text("correctness", madeCalibration())).toBe("calibrated: exact .810, quadratic κ .620, n 300, 2026-05-31");
    expect(text("clear", madeCalibration())).toBe(
      "calibrated: exact .900, quadratic κ .710, n 300, 2026-05-31, misses a threshold",
    );
    expect(text("composite", madeCalibration())).toBe(
      "calibrated: exact .810, quadratic κ .620, n 300, 2026-05-31, its weakest part, correctness, misses a threshold",
    );
  });

  it("takes plain κ on two steps, and leaves out what could not be estimated", () => {
    const calibration = madeCalibration();
    const [first] = calibration.criteria;
    const two = {
      ...first!,
      scale: [0, 1],
      figures: { exact: { value: 0.9, n: 9 }, kappa: { value: 0.55, n: 9 }, quadratic_kappa: { value: 0.1, n: 9 } },
    };
    expect(text("correctness", { ...calibration, criteria: [two] })).toContain("exact .900, κ .550, n 300");
    const bare = { ...two, figures: { kappa: { reason: "labels are equal", n: 9 } } };
    expect(text("correctness", { ...calibration, criteria: [bare] })).toBe("calibrated: n 300, 2026-05-31");
  });

  it("is stale when any of the runs was graded by another version of the judge", () => {
    const other = "9".repeat(64);
    expect(text("correctness", madeCalibration(), other)).toBe(
      "stale: the judge is another than the one calibrated on 2026-05-31",
    );
    const mixed = calibrationNote([column("correctness"), column("correctness", other)], known(madeCalibration()));
    expect(mixed.state).toBe("stale");
  });
});
