import type { GateBoundsConfig } from "../config/index.ts";
import type { Problem } from "../core/problem.ts";
import { ANSWERED, CELL, isUnjudged, RETRIEVAL, type ScoreGroup, type Scores } from "../runlog/index.ts";
import { absentCondition, nothing, type PlannedCheck } from "./plan-checks.ts";

/** What the checks of the suite's `gate_limits` are shown under. */
export const REFUSED = "refused";
const LATENCY = "p95 latency (ms)";
const COST = "cost of 1,000 (USD)";

/**
 * Spells out what is limited besides metrics: a check per limit and condition of either run.
 * @returns the checks, and a problem for every condition that is not in both runs
 */
export function planBounds(
  { refusal_shift, latency_p95, cost }: Omit<GateBoundsConfig, "failed">,
  baseline: Scores,
  candidate: Scores,
): { readonly checks: readonly PlannedCheck[]; readonly problems: readonly Problem[] } {
  const limited = refusal_shift !== undefined || latency_p95 !== undefined || cost !== undefined;
  if (!limited) return { checks: [], problems: [] };
  const conditions = new Set([...candidate.manifest.conditions, ...baseline.manifest.conditions]);
  const lower = { better: "lower", proportion: false, range: [0, Number.POSITIVE_INFINITY] } as const;
  if (conditions.size === 0) return { checks: [], problems: [nothing("gate_limits")] };
  const problems = Array.from(conditions).flatMap((condition) => [
    ...absentCondition("baseline", baseline, condition, "gate_limits"),
    ...absentCondition("candidate", candidate, condition, "gate_limits"),
  ]);
  const checks = Array.from(conditions).flatMap((condition): PlannedCheck[] => {
    const amount = (of: "latency" | "cost", metric: string, asked: typeof cost): PlannedCheck[] => {
      const check = { of, metric, condition, definition: lower } as const;
      return [
        ...(asked?.max_ratio === undefined ? [] : [{ ...check, kind: "ratio" as const, limit: asked.max_ratio }]),
        ...(asked?.at_most === undefined ? [] : [{ ...check, kind: "at_most" as const, limit: asked.at_most }]),
      ];
    };
    const refusals: PlannedCheck = {
      of: "refusals",
      metric: REFUSED,
      condition,
      definition: { better: "lower", proportion: true, range: [0, 1] },
      kind: "shift",
      limit: refusal_shift ?? 0,
    };
    return [
      ...(refusal_shift === undefined ? [] : [refusals]),
      ...amount("latency", LATENCY, latency_p95),
      ...amount("cost", COST, cost),
    ];
  });
  return { checks, problems };
}

/**
 * The scores with a column more under every condition: 1 where the answer declined, 0 where it did not; a failure is neither, and unscored is what a
 * judge has yet to decide.
 */
export function withRefusals(scores: Scores): Scores {
  const groups = Array.from(scores.groups, ([name, group]): [string, ScoreGroup] => {
    if (name === RETRIEVAL) return [name, group];
    const unjudged = scores.refusals !== undefined && isUnjudged(group, scores.refusals);
    const column = {
      values: Float64Array.from(group.answered, (state) => (state === ANSWERED.refused ? 1 : 0)),
      states: group.answered.map((state) =>
        unjudged && state === ANSWERED.refused ? CELL.unscored : STATE_OF.get(state)!,
      ),
    };
    return [name, { ...group, metrics: new Map([...group.metrics, [REFUSED, column]]) }];
  });
  return { ...scores, groups: new Map(groups) };
}

const STATE_OF: ReadonlyMap<number, number> = new Map<number, number>([
  [ANSWERED.absent, CELL.absent],
  [ANSWERED.answered, CELL.scored],
  [ANSWERED.refused, CELL.scored],
  [ANSWERED.failed, CELL.notApplicable],
  [ANSWERED.notJudged, CELL.unscored],
  [ANSWERED.noVerdict, CELL.unscored],
]);
