import { judgeRefusalsCommand, RETRIEVAL, type Scores } from "../../runlog/index.ts";
import type { Row } from "../summary-types.ts";
import { formatCount } from "../text/format-number.ts";

/** How far a judge that decides about refusals has come. Plain data: it goes through JSON unchanged. */
export interface RefusalJudged {
  /** The judge's id. */
  readonly judge: string;
  /** Answers that it was not asked about, and those that it gave no usable verdict on: their refusal is unknown. */
  readonly notJudged: number;
  readonly noVerdict: number;
  /** Beginnings of the hashes of other versions of the judge; what they said does not count. */
  readonly others: readonly string[];
  /** The command that has what is missing judged; absent where nothing is. */
  readonly command?: string;
}

/** @returns undefined where no judge decides about the run's refusals */
export function refusalJudged({
  manifest,
  refusals,
}: Pick<Scores, "manifest" | "refusals">): RefusalJudged | undefined {
  if (refusals === undefined) return undefined;
  const { judge, notJudged, noVerdict, others } = refusals;
  const command = judgeRefusalsCommand(manifest, refusals);
  return { judge: judge.id, notJudged, noVerdict, others, ...(command !== undefined && { command }) };
}

/** `3`, or `3, 2 not judged, 1 no verdict`. */
export function refusedText({ refused = 0, notJudged = 0, noVerdict = 0 }: Row): string {
  return [formatCount(refused), ...openText(notJudged, noVerdict)].join(", ");
}

function openText(notJudged: number, noVerdict: number): string[] {
  return [
    ...(notJudged > 0 ? [`${formatCount(notJudged)} not judged`] : []),
    ...(noVerdict > 0 ? [`${formatCount(noVerdict)} no verdict`] : []),
  ];
}

/** A sentence for each run whose refusals a judge has not all decided, or that another version of the judge graded. */
export function judgingLines(rows: readonly Pick<Row, "run" | "refusals">[]): string[] {
  const lines = rows.flatMap(({ run, refusals }) => (refusals ? judgingText(run.run, refusals) : []));
  return [...new Set(lines)];
}

/** The same for one run. */
export function judgingText(run: string, { judge, notJudged, noVerdict, others, command }: RefusalJudged): string[] {
  const open = openText(notJudged, noVerdict);
  const next = command === undefined ? "" : `; next: ${command}`;
  return [
    ...(open.length > 0
      ? [
          `${run}: answers whose refusal is unknown, by the judge ${judge}: ${open.join(", ")}; they are in no figure that depends on it${next}`,
        ]
      : []),
    ...(others.length > 0
      ? [
          `${run}: grades by another version of ${judge} (${others.join(", ")}) do not decide: the run names the judge as it was then; bench run makes one with the judge as it is`,
        ]
      : []),
  ];
}

/** Why a figure has no value where the judge has decided about none of its answers. */
export function undecidedReason({ refusals }: Scores, group: string, metric: string): string | undefined {
  if (group === RETRIEVAL || refusals === undefined || !refusals.decides.has(metric)) return undefined;
  const { judge, notJudged } = refusals;
  return notJudged > 0 ? `not judged by ${judge.id}` : `no verdict of ${judge.id}`;
}
