import { ANSWERED, CELL, RETRIEVAL, type Scores } from "../../runlog/index.ts";

/** Where an answer or its score can get lost, in the order of the work. */
export const STAGES = ["retrieval", "generation", "scoring", "judge"] as const;

/** Answers that did not come, or that a metric or a judge has no value for. */
export interface Lost {
  readonly stage: (typeof STAGES)[number];
  /** The failure's code, or what is missing. */
  readonly code: string;
  /** Of questions × trials. */
  readonly count: number;
}

/**
 * What got lost on the way from question to score, by stage and code. One answer may be in several: nothing to score it by, and no
 * grade either. Of several metrics, or criteria of a judge, the one that lacks most counts.
 * @param group `retrieval` or a condition
 */
export function lostAnswers(scores: Scores, group: string): Lost[] {
  const found = scores.groups.get(group);
  if (found === undefined) return [];
  const before = group.startsWith("rag@") ? scores.groups.get(RETRIEVAL)?.failures : undefined;
  const failed = Array.from(found.failures).flatMap(([code, count]): Lost[] => {
    if (group === RETRIEVAL) return [{ stage: "retrieval", code, count }];
    // Each question that retrieval failed on fails in every trial, with the same code.
    const retrieval = Math.min(count, (before?.get(code) ?? 0) * found.trials);
    return [
      { stage: "retrieval", code, count: retrieval },
      { stage: "generation", code, count: count - retrieval },
    ];
  });
  let noGold = 0;
  const noGrade = new Map<string, number>();
  for (const [name, column] of found.metrics) {
    const unscored = countOf(column.states, CELL.unscored);
    const { judge, people } = scores.judged.get(name) ?? {};
    // What nobody labelled got lost nowhere.
    if (people) continue;
    if (judge === undefined) noGold = Math.max(noGold, unscored);
    else noGrade.set(judge.id, Math.max(noGrade.get(judge.id) ?? 0, unscored));
  }
  const all: Lost[] = [
    ...failed,
    { stage: "scoring", code: "nothing to compare with", count: noGold },
    ...Array.from(noGrade, ([judge, count]): Lost => ({ stage: "judge", code: `no grade of ${judge}`, count })),
    { stage: "judge", code: "no verdict on a refusal", count: countOf(found.answered, ANSWERED.noVerdict) },
  ];
  return all.filter(({ count }) => count > 0);
}

function countOf(cells: Uint8Array, state: number): number {
  return cells.reduce((n, cell) => (cell === state ? n + 1 : n), 0);
}
