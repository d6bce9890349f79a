import { ANSWERED, RETRIEVAL, type ScoreGroup, type Scores } from "../../runlog/index.ts";
import { formatCount, formatDuration } from "../text/format-number.ts";
import type { MeasuredTimes } from "./measured-times.ts";
import type { QuestionColumns } from "./question-columns.ts";

/** More questions than these are left to the list of questions, which each of these lists leads to. */
const MOST_NAMED = 5;

export type NotableGroups = NonNullable<ReturnType<typeof notableQuestions>>;

/**
 * The slowest questions of a run, those it failed on and those it declined, by context, as the run's page names them.
 * @returns undefined where nothing was measured, failed or declined
 */
export function notableQuestions(scores: Scores, { texts }: QuestionColumns, times: MeasuredTimes) {
  const groups = Array.from(scores.groups.values(), (group) => {
    const link = (at: number) => ({
      id: scores.queries[at]!,
      text: texts[at]!,
      href: `#${new URLSearchParams({ on: group.name, question: scores.queries[at]! })}`,
    });
    const all = (params: Readonly<Record<string, string>>) => `#${new URLSearchParams({ on: group.name, ...params })}`;
    const ms = times.of(group.name);
    const slowest = ms === undefined ? [] : slowestOf(ms);
    const failed = placesOf(group, ANSWERED.failed);
    const refused = group.name === RETRIEVAL ? [] : placesOf(group, ANSWERED.refused);
    return {
      name: group.name,
      slowest: slowest.length > 0 && {
        href: all({ sort: "slowest" }),
        rows: slowest.map((at) => ({ ...link(at), ms: formatDuration(ms![at]!) })),
      },
      failed: failed.length > 0 && {
        href: all({ show: "failed" }),
        count: formatCount(failed.length),
        codes: Array.from(group.failures, ([code, count]) => ({ code, count: formatCount(count) })),
        rows: failed.slice(0, MOST_NAMED).map(link),
      },
      refused: refused.length > 0 && {
        href: all({ show: "refused" }),
        count: formatCount(refused.length),
        rows: refused.slice(0, MOST_NAMED).map(link),
      },
    };
  }).filter(({ slowest, failed, refused }) => slowest || failed || refused);
  return groups.length === 0 ? undefined : groups;
}

/** Places of the longest times, longest first. */
function slowestOf(ms: Float64Array): number[] {
  const measured = Array.from(ms.keys()).filter((at) => !Number.isNaN(ms[at]!));
  return measured.sort((a, b) => ms[b]! - ms[a]!).slice(0, MOST_NAMED);
}

/** Places of the questions to which this happened in some trial. */
function placesOf({ answered, trials }: ScoreGroup, state: number): number[] {
  const found = new Set<number>();
  for (const [cell, was] of answered.entries()) if (was === state) found.add(Math.floor(cell / trials));
  return [...found];
}
