import { type Scores, sampleOf } from "../../runlog/index.ts";
import { byQuestion, difference } from "../pair.ts";
import type { PlannedCheck } from "../plan-checks.ts";
import type { Flip, FlipList } from "./comparison.ts";

/**
 * The questions on which one metric differs between two runs, the largest loss first; equal ones in the candidate's order.
 * @param most how many are listed; the counts are of all
 */
export function flipsOf(
  { metric, condition, definition }: PlannedCheck,
  baseline: Scores,
  candidate: Scores,
  most: number,
): FlipList {
  const before = byQuestion(baseline, sampleOf(baseline, condition, metric)!);
  const after = byQuestion(candidate, sampleOf(candidate, condition, metric)!);
  const sign = definition.better === "higher" ? 1 : -1;
  const changed: (Flip & { readonly gain: number })[] = [];
  for (const [query, value] of after) {
    const was = before.get(query);
    if (was === undefined) continue;
    const gain = sign * difference(value, was);
    if (gain !== 0) changed.push({ query, baseline: was, candidate: value, gain });
  }
  changed.sort((a, b) => a.gain - b.gain);
  return {
    metric,
    condition,
    range: definition.range,
    worse: changed.filter(({ gain }) => gain < 0).length,
    better: changed.filter(({ gain }) => gain > 0).length,
    flips: changed.slice(0, most).map(({ gain, ...flip }) => flip),
  };
}

/** The metrics that say right or wrong most plainly, where the suite gates none. */
const PLAINEST = ["EM", "F1", "Contains"];

/**
 * One metric per condition by which flips are listed: the one asked for; else the first that the suite gates, else the first of
 * EM, F1 and Contains, else the first there is.
 */
export function flipChecks(checks: readonly PlannedCheck[], gated: readonly string[], by?: string): PlannedCheck[] {
  const wanted = by === undefined ? [...gated, ...PLAINEST] : [by];
  const conditions = new Set(checks.map(({ condition }) => condition));
  return Array.from(conditions).flatMap((condition) => {
    const here = checks.filter((check) => check.condition === condition);
    const found = wanted.flatMap((name) => here.filter(({ metric }) => metric === name))[0];
    return found ? [found] : by === undefined ? here.slice(0, 1) : [];
  });
}
