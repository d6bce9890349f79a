import { fileNameOf } from "../../lib/text.ts";
import type { MetricHead } from "../summary-types.ts";
import { calibrationText, calibrationWord, ownModelText } from "./calibration-note.ts";

/** The badge of a judge's column: its state in a word, in a sentence, and the page of its calibration where there is one. */
export function badgeView({ name, judge }: MetricHead) {
  if (judge === undefined) return undefined;
  const { id, calibration, alsoPlays } = judge;
  return {
    state: calibrationWord(calibration),
    good: calibrationWord(calibration) === "calibrated" && alsoPlays.length === 0,
    says: calibrationText(calibration, name) + ownModelText(alsoPlays),
    ...(calibration.state !== "uncalibrated" && { href: judgeHref(id) }),
  };
}

/** Where the page of a judge's calibration stands in the site. */
export function judgePath(id: string): string {
  return `judges/${fileNameOf(id)}.html`;
}

/** The path as an address: the % of an escaped file name is itself escaped. */
export function judgeHref(id: string): string {
  return `judges/${encodeURIComponent(fileNameOf(id))}.html`;
}
