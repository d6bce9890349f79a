import {
  agreementWords,
  alsoPlays,
  type CalibrationNote,
  judgeRefusalsCommand,
  type Manifest,
  peopleWords,
  type Scores,
} from "../runlog/index.ts";
import type { CheckedJudge } from "./verdict.ts";

/** A sentence where the questions of two runs were not asked equally often. */
export function trialsNote({ trials: before }: Manifest, { trials: after }: Manifest): string[] {
  if (before === after) return [];
  return [`each question was asked ${times(before)} in the baseline, ${times(after)} in the candidate`];
}

function times(trials: number): string {
  return trials === 1 ? "once" : `${trials} times`;
}

/** A sentence for every gated column whose judge has a model that plays another part too. */
export function ownModelNotes(
  baseline: Scores,
  candidate: Scores,
  checks: readonly { readonly metric: string }[],
): string[] {
  return [...new Set(checks.map(({ metric }) => metric))].flatMap((metric) => {
    const parts = alsoPlays([baseline, candidate].flatMap(({ judged }) => judged.get(metric) ?? []));
    if (parts.length === 0) return [];
    return [`${metric}: the judge's model also ${parts.join(" and ")}, and models tend to prefer their own`];
  });
}

/**
 * A sentence for every gated column that a judge filled: how far that judge was measured against people. And one where nothing but
 * such columns is gated: a judge can be pleased by answers that no answer metric would let through.
 */
export function judgeNotes(
  checks: readonly { readonly metric: string; readonly of: string; readonly judge?: CheckedJudge }[],
): string[] {
  const metrics = checks.filter(({ of }) => of === "metric");
  const judges = new Map(metrics.flatMap(({ metric, judge }) => (judge?.part === "grades" ? [[metric, judge]] : [])));
  const said = Array.from(judges, ([metric, { id, calibration }]) => `${metric}: ${calibrationWords(id, calibration)}`);
  const alone =
    metrics.length > 0 && metrics.every(({ judge }) => judge?.part === "grades" && judge.state !== "people");
  return alone ? [...said, "only a judge's scores are gated: gate an answer metric such as F1 beside them"] : said;
}

function calibrationWords(id: string, note: CalibrationNote): string {
  if (note.state === "uncalibrated") return `judge ${id} was not compared with people`;
  if (note.state === "stale")
    return `judge ${id} is another than the one compared with people on ${note.at.slice(0, 10)}`;
  if (note.state === "people") return peopleWords(note);
  const figures = [...agreementWords(note), `n ${note.n}`].join(", ");
  return `judge ${id} was compared with people on ${note.at.slice(0, 10)}: ${figures}`;
}

/** A sentence for either run in which a judge has not decided about every answer, where a check depends on it. */
export function undecidedNotes(
  runs: { readonly baseline: Scores; readonly candidate: Scores },
  checks: readonly { readonly metric: string; readonly judge?: { readonly id: string } }[],
): string[] {
  return (["baseline", "candidate"] as const).flatMap((side) => {
    const { refusals, manifest } = runs[side];
    const open = (refusals?.notJudged ?? 0) + (refusals?.noVerdict ?? 0);
    if (refusals === undefined || open === 0 || !checks.some(({ judge }) => judge?.id === refusals.judge.id)) return [];
    const command = judgeRefusalsCommand(manifest, refusals);
    const next = command === undefined ? "" : `; next: ${command}`;
    return [
      `${side}: of ${open} answers ${refusals.judge.id} has not said whether they are refusals, so that figures leave them out${next}`,
    ];
  });
}

/** A sentence for every difference whose two means are not over the same questions. */
export function unpairedNotes(
  compared: readonly { readonly metric: string; readonly condition: string; readonly unpaired: number }[],
): string[] {
  return compared
    .filter(({ unpaired }) => unpaired > 0)
    .map(({ metric, condition, unpaired }) => {
      const only = `${unpaired} ${unpaired === 1 ? "question has" : "questions have"} a value in one run only`;
      return `${metric} ${condition}: ${only}, so the means are compared, each over its own questions`;
    });
}
