import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Calibration,
  type CorrectedMean,
  type Corrections,
  correctionsFile,
  type GradedLine,
  type GradingHead,
  gradesFile,
  openRun,
} from "../../runlog/index.ts";

const step = (value: number) => ({ name: String(value), value, anchor: "" });
export const JUDGE = { id: "j", sha256: "1".repeat(64), rubric: "2".repeat(64) } as const;
/** Two criteria on 0 to 3, three quarters and a quarter of the composite. */
export const CRITERIA: GradingHead["criteria"] = [
  { id: "correctness", question: "Is it right?", steps: [0, 1, 2, 3].map(step), weight: 0.75 },
  { id: "clear", question: "Is it clear?", steps: [0, 1, 2, 3].map(step), weight: 0.25 },
];

/** What a judge gave an answer: `query condition` → correctness and clarity, or a failure of the judge. */
export type MadeGrades = Readonly<Record<string, readonly [correctness: number, clear: number] | "failed">>;

/** Puts a grade file into a finished run, and what labels say of its means. */
export async function judgeRun(
  dir: string,
  grades: MadeGrades,
  {
    head = {},
    corrected,
    lines: whole = [],
  }: {
    head?: Partial<GradingHead>;
    corrected?: readonly CorrectedMean[];
    /** Lines of the file as they stand, before those of the grades. */
    lines?: readonly GradedLine[];
  } = {},
): Promise<string> {
  const { manifest, end } = await openRun(dir);
  const full: GradingHead = {
    ...{ kind: "grading", schema: 1, run: manifest.run, log: end!.sha256, judge: { ...JUDGE, config: {} } },
    ...{ criteria: CRITERIA, repeats: 1, refusals: "apart", startedAt: "2026-05-30T00:00:00.000Z", ...head },
  };
  const lines = Object.entries(grades).map(([name, given]): GradedLine => {
    const [query = "", condition = ""] = name.split(" ");
    const place = { query, condition, trial: 0, repeat: 0 };
    if (given === "failed")
      return { kind: "judge-failure", ...place, code: "E_VERDICT_PROSE", message: "prose", asked: 2 };
    return { kind: "grade", ...place, scores: { correctness: given[0], clear: given[1] }, reason: "", asked: 1 };
  });
  const path = gradesFile(dir, full.judge);
  await mkdir(join(dir, "grades"), { recursive: true });
  await writeFile(path, [full, ...whole, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(""));
  if (corrected) {
    const { config: _, ...judge } = full.judge;
    const kept: Corrections = {
      ...{ kind: "corrections", schema: 1, run: manifest.run, log: full.log, judge: judge as Corrections["judge"] },
      ...{ at: "2026-06-01T00:00:00.000Z", level: 0.95, labels: { files: [] }, means: [...corrected] },
    };
    await writeFile(correctionsFile(path), JSON.stringify(kept));
  }
  return dir;
}

/** A calibration of the made judge. */
export function madeCalibration(changes: Partial<Calibration> = {}): Calibration {
  const figure = (value: number, low: number, high: number) => ({ value, n: 300, low, high, method: "made" });
  const criterion = (id: string, exact: number, kappa: number): Calibration["criteria"][0] => ({
    ...{ id, scale: [0, 1, 2, 3], n: 300, questions: 120, judgeFailed: 2 },
    figures: {
      exact: figure(exact, exact - 0.05, exact + 0.04),
      quadratic_kappa: figure(kappa, kappa - 0.08, kappa + 0.07),
      mae: figure(0.24, 0.19, 0.3),
      bias: figure(0.11, 0.05, 0.17),
      alpha: { reason: "all grades are equal", n: 300 },
    },
    confusion: [
      [40, 5, 0, 0],
      [6, 50, 9, 1],
      [0, 8, 70, 12],
      [0, 0, 16, 83],
    ],
    ceiling: { raters: 2, n: 80, figures: { exact: figure(0.86, 0.8, 0.92) } },
    bySystem: [
      { name: "<b>own</b>", n: 150, exact: figure(0.8, 0.7, 0.9), bias: figure(0.3, 0.2, 0.4) },
      { name: "other", n: 150, exact: figure(0.8, 0.7, 0.9), bias: figure(-0.02, -0.1, 0.06) },
    ],
    byTag: [],
  });
  return {
    ...{ kind: "calibration", schema: 1, judge: JUDGE, at: "2026-05-31T12:00:00.000Z", level: 0.95 },
    labels: { files: [{ name: "anna.jsonl", sha256: "3".repeat(64) }], labels: 380, items: 300, raters: 2 },
    criteria: [criterion("correctness", 0.81, 0.62), criterion("clear", 0.9, 0.71)],
    systems: {
      tau: figure(1, 0.2, 1),
      swapped: figure(0.04, 0, 0.2),
      means: [
        { system: "<b>own</b>", judge: 2.4, people: 2.1, answers: 150 },
        { system: "other", judge: 2, people: 2.02, answers: 150 },
      ],
    },
    thresholds: [
      { criterion: "correctness", figure: "exact", atLeast: 0.8, got: figure(0.81, 0.76, 0.85), met: true },
      { criterion: "clear", figure: "exact", atLeast: 0.95, got: figure(0.9, 0.85, 0.94), met: false },
    ],
    ...changes,
  };
}
