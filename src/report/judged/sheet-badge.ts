import type { Calibration } from "../../runlog/index.ts";
import { formatFigure } from "../calibration/calibration-text.ts";
import { formatCount, formatValue, MISSING } from "../text/format-number.ts";

/** Of a judge as a whole, as its data sheet and the list of judges have it; columns and single grades have badges of their own. */
export function sheetBadge(calibration: Calibration | undefined, { people = false, stale = false } = {}) {
  const missed = calibration?.thresholds.some(({ met }) => !met) ?? false;
  const measured = stale ? "stale" : missed ? "misses thresholds" : "calibrated";
  const state = people ? "people" : calibration === undefined ? "uncalibrated" : measured;
  return { state, good: state === "people" || state === "calibrated" };
}

/** How far the judge agrees with people on each criterion beyond chance, and people with each other: no judge can be held to more. */
export function sheetAgreement(calibration: Calibration | undefined) {
  return (calibration?.criteria ?? []).map(({ id, scale, n, figures, ceiling }) => {
    const [name, kappa] =
      scale.length === 2 ? (["kappa", "κ"] as const) : (["quadratic_kappa", "quadratic κ"] as const);
    const among = ceiling?.figures[name];
    return {
      ...{ criterion: id, kappa, value: formatFigure(figures[name]), n: formatCount(n) },
      ceiling: among && "value" in among ? formatValue(among.value, [-1, 1]) : MISSING,
    };
  });
}
