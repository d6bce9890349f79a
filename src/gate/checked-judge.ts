import { type Calibrations, calibrationNote, type Scores } from "../runlog/index.ts";
import type { CheckedJudge, GateWord } from "./verdict.ts";

/** How far the judge behind a gated column was measured; undefined for a metric. */
export function checkedJudge(metric: string, candidate: Scores, calibrations: Calibrations): CheckedJudge | undefined {
  const column = candidate.judged.get(metric);
  if (column === undefined) return undefined;
  const note = calibrationNote([column], calibrations);
  const state = note.state === "calibrated" && note.missed > 0 ? "below its thresholds" : note.state;
  return { id: column.judge.id, state };
}

/** A judge that nobody can vouch for lets nothing pass; what it shows to be worse fails all the same. */
export function heldBack(judge: CheckedJudge | undefined, verdict: GateWord): string | undefined {
  if (judge === undefined || judge.state === "calibrated" || verdict !== "pass") return undefined;
  return REASONS[judge.state](judge.id);
}

const REASONS: Readonly<Record<Exclude<CheckedJudge["state"], "calibrated">, (id: string) => string>> = {
  uncalibrated: (id) => `judge ${id} was not compared with people; calibrate it with bench calibrate`,
  stale: (id) => `judge ${id} has changed since it was calibrated; calibrate it again with bench calibrate`,
  "below its thresholds": (id) => `judge ${id} agrees with people less than its thresholds ask`,
};
