import { fileNameOf } from "../../lib/text.ts";
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

/** Where the data sheet of a judge stands in the site: every judge of a run on the site has one. */
export function judgePath(id: string): string {
  return `judges/${fileNameOf(id)}.html`;
}

/** The path as an address: the % of an escaped file name is itself escaped. */
export function judgeHref(id: string): string {
  return `judges/${encodeURIComponent(fileNameOf(id))}.html`;
}
