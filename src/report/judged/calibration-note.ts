import { agreementWords, type CalibrationNote, peopleWords } from "../../runlog/index.ts";
import type { MetricHead } from "../summary-types.ts";
import { formatCount } from "../text/format-number.ts";

/** The state of a judge in a word or two; one that was measured and is worse than its file asks is not plainly `calibrated`. */
export function calibrationWord(note: CalibrationNote): string {
  return note.state === "calibrated" && note.missed > 0 ? "misses thresholds" : note.state;
}

/** What is said in a cell's title of who graded: `judge uncalibrated`, `labels of people`. */
export function judgeWord(note: CalibrationNote): string {
  return note.state === "people" ? "labels of people" : `judge ${calibrationWord(note)}`;
}

/** @param shown the criterion that is shown @returns `calibrated: exact .810, κ .620, n 300, 2026-05-31`, `uncalibrated`, or since when it is stale. */
export function calibrationText(note: CalibrationNote, shown: string): string {
  if (note.state === "uncalibrated") return "uncalibrated";
  if (note.state === "people") return peopleWords(note);
  if (note.state === "stale") return `stale: the judge is another than the one calibrated on ${day(note.at)}`;
  const { n, missed, at, criterion } = note;
  const facts = [
    ...agreementWords(note),
    `n ${formatCount(n)}`,
    day(at),
    ...(shown === criterion ? [] : [`its weakest part, ${criterion}`]),
    ...(missed > 0 ? [missed === 1 ? "misses a threshold" : `misses ${missed} thresholds`] : []),
  ];
  return `calibrated: ${facts.join(", ")}`;
}

/** What a judge has to do with a column that it did not grade: `depends on what declines-yes-no takes for refusals; `. */
export function partText({ group, judge }: Pick<MetricHead, "group" | "judge">): string {
  return judge === undefined || group === "judged" ? "" : `depends on what ${judge.id} takes for refusals; `;
}

/** What a reader should know of a judge whose model plays another part too; empty for any other. */
export function ownModelText(alsoPlays: readonly string[]): string {
  return alsoPlays.length === 0
    ? ""
    : `; its model also ${alsoPlays.join(" and ")}, and models tend to prefer their own`;
}

function day(at: string): string {
  return at.slice(0, 10);
}
