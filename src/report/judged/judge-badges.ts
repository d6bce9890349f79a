import type { Calibrations, Scores } from "../../runlog/index.ts";
import { columnHead } from "../metric-head.ts";
import { badgeView } from "./badge-view.ts";

/** What stands beside the single grades of a judge. */
export interface JudgeBadges {
  readonly id: string;
  readonly name: string;
  readonly badges: readonly JudgeBadge[];
}

export type JudgeBadge = NonNullable<ReturnType<typeof badgeView>>;

/**
 * How far each judge of a run was measured: what a page says once and shows beside every grade. One badge where it holds for all
 * criteria; else one for each state, with the criteria it is about.
 */
export function judgeBadges(scores: Scores, calibrations?: Calibrations): JudgeBadges[] {
  const judges = new Map<string, { name: string; states: Map<string, [criterion: string, badge: JudgeBadge][]> }>();
  for (const [column, { judge, criterion }] of scores.judged) {
    const badge = badgeView(columnHead(column, [scores], calibrations));
    // A composite is no grade that a judge gave.
    if (badge === undefined || criterion === "composite") continue;
    const known = judges.get(judge.id) ?? { name: judge.title ?? judge.id, states: new Map() };
    judges.set(judge.id, known);
    known.states.set(badge.state, [...(known.states.get(badge.state) ?? []), [criterion, badge]]);
  }
  return Array.from(judges, ([id, { name, states }]) => ({
    ...{ id, name },
    badges: Array.from(states.values(), (parts) => joined(parts, states.size > 1)),
  }));
}

/** @param named whether the badge does not hold for all criteria */
function joined(parts: readonly (readonly [criterion: string, badge: JudgeBadge])[], named: boolean): JudgeBadge {
  const [[, first]] = parts as [[string, JudgeBadge]];
  const says = new Set(parts.map(([, badge]) => badge.says));
  return {
    ...first,
    state: named ? `${parts.map(([criterion]) => criterion).join(", ")}: ${first.state}` : first.state,
    good: parts.every(([, { good }]) => good),
    says: says.size === 1 ? first.says : parts.map(([criterion, badge]) => `${criterion}: ${badge.says}`).join("; "),
  };
}
