import { judgeHref } from "../address/judge-address.ts";
import type { MetricHead } from "../summary-types.ts";
import { calibrationText, calibrationWord, ownModelText, partText } from "./calibration-note.ts";

const GOOD: ReadonlySet<string> = new Set(["calibrated", "people"]);

/** The badge of a column that depends on a judge: its state in a word, in a sentence, and its data sheet. */
export function badgeView({ group, judge }: MetricHead) {
  if (judge === undefined) return undefined;
  const { id, criterion, calibration, alsoPlays } = judge;
  return {
    state: calibrationWord(calibration),
    good: GOOD.has(calibrationWord(calibration)) && alsoPlays.length === 0,
    says: partText({ group, judge }) + calibrationText(calibration, criterion) + ownModelText(alsoPlays),
    href: judgeHref(id),
  };
}
