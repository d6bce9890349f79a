import { type Calibrations, calibrationNote, type RefusalJudging, type Scores } from "../runlog/index.ts";
import { REFUSED } from "./plan-bounds.ts";
import type { CheckedJudge, GateWord } from "./verdict.ts";

/** How far the judge behind a gated figure was measured; undefined for one that no judge has a part in. */
export function checkedJudge(
  metric: string,
  { baseline, candidate }: { readonly baseline: Scores; readonly candidate: Scores },
  calibrations: Calibrations,
): CheckedJudge | undefined {
  const graded = candidate.judged.get(metric);
  const column = graded ?? decidedBy(metric, candidate) ?? decidedBy(metric, baseline);
  if (column === undefined) return undefined;
  const calibration = calibrationNote([column], calibrations);
  const { state } = calibration;
  return {
    id: column.judge.id,
    state: state === "calibrated" && calibration.missed > 0 ? "below its thresholds" : state,
    part: graded ? "grades" : "refusals",
    calibration,
  };
}

/** The judge whose word on refusals moves the metric. */
function decidedBy(metric: string, { refusals }: Scores): RefusalJudging | undefined {
  return metric === REFUSED || refusals?.decides.has(metric) ? refusals : undefined;
}

/** A judge that nobody can vouch for lets nothing pass; what it shows to be worse fails all the same. */
export function heldBack(judge: CheckedJudge | undefined, verdict: GateWord): string | undefined {
  if (judge === undefined || judge.state === "calibrated" || judge.state === "people" || verdict !== "pass")
    return undefined;
  return REASONS[judge.state](judge.id);
}

const REASONS: Readonly<Record<Exclude<CheckedJudge["state"], "calibrated" | "people">, (id: string) => string>> = {
  uncalibrated: (id) => `judge ${id} was not compared with people; calibrate it with bench calibrate`,
  stale: (id) => `judge ${id} has changed since it was calibrated; calibrate it again with bench calibrate`,
  "below its thresholds": (id) => `judge ${id} agrees with people less than its thresholds ask`,
};
