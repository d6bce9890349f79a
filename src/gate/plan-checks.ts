import type { GateLimitConfig } from "../config/index.ts";
import type { Problem } from "../core/problem.ts";
import { nearest } from "../lib/nearest.ts";
import { quoteValue } from "../lib/text.ts";
import { type MetricDefinition, parseMetric } from "../metric/index.ts";
import { RETRIEVAL, type Scores } from "../runlog/index.ts";
import type { CheckKind } from "./verdict.ts";

/** One question that the gate will ask of the scores. */
export interface PlannedCheck {
  readonly metric: string;
  readonly definition: Pick<MetricDefinition, "better" | "range" | "proportion">;
  /** The group of scores: `retrieval` or a condition. */
  readonly condition: string;
  readonly kind: CheckKind;
  /** The minimum effect of a paired check (0 when none is declared), or the absolute limit. */
  readonly limit: number;
}

/**
 * Spells limits out into checks: one per limit, metric and condition. Metrics of rankings are checked once, as retrieval
 * is the same under every condition; metrics of answers under the limit's conditions, or under all that either run has. A limit that names no absolute bound, or names a minimum effect or a test besides
 * one, asks for the paired check.
 *
 * @returns the checks, and a problem for every metric or condition that is not in both runs
 */
export function planChecks(
  limits: ReadonlyMap<string, GateLimitConfig>,
  baseline: Scores,
  candidate: Scores,
): { readonly checks: readonly PlannedCheck[]; readonly problems: readonly Problem[] } {
  const checks: PlannedCheck[] = [];
  // Of both runs: a candidate must not pass by leaving a condition out.
  const everyCondition = [...new Set([...candidate.manifest.conditions, ...baseline.manifest.conditions])];
  const problems: Problem[] = limits.size === 0 ? [noLimits(candidate)] : [];
  for (const [name, limit] of limits) {
    const parsed = parseMetric(name);
    if (!parsed.ok) {
      problems.push({ code: "E_METRIC", where: `gate /${name}`, ...parsed.problem });
      continue;
    }
    const { definition, name: metric } = parsed.metric;
    if (definition.kind === "ranking" && limit.conditions !== undefined) {
      problems.push({
        code: "E_GATE_CONDITIONS",
        where: `gate /${name}/conditions`,
        expected: `no conditions: ${metric} scores rankings, which are the same under every condition`,
        got: quoteValue(limit.conditions),
        fix: "remove the key",
      });
      continue;
    }
    const conditions = definition.kind === "ranking" ? [RETRIEVAL] : (limit.conditions ?? everyCondition);
    for (const condition of conditions) {
      const missing = [
        ...absent("baseline", baseline, condition, metric),
        ...absent("candidate", candidate, condition, metric),
      ];
      problems.push(...missing);
      if (missing.length > 0) continue;
      for (const [kind, bound] of asked(limit)) checks.push({ metric, definition, condition, kind, limit: bound });
    }
    if (conditions.length === 0) problems.push(nothing(name));
  }
  return { checks, problems };
}

function noLimits({ manifest }: Scores): Problem {
  return {
    code: "E_GATE_EMPTY",
    where: `suite ${manifest.suite.id}, as run ${manifest.run} recorded it`,
    expected: 'at least one metric under "gate"',
    got: "none",
    fix: 'add for example "gate: { nDCG@10: { min_effect: 0.01 } }" to the suite and run both again',
  };
}

function* asked(limit: GateLimitConfig): Generator<[kind: CheckKind, bound: number]> {
  const { min_effect, test, at_least, at_most } = limit;
  const absolute = at_least !== undefined || at_most !== undefined;
  if (!absolute || min_effect !== undefined || test !== undefined) yield [test ?? "non-inferiority", min_effect ?? 0];
  if (at_least !== undefined) yield ["at_least", at_least];
  if (at_most !== undefined) yield ["at_most", at_most];
}

function absent(side: string, scores: Scores, condition: string, metric: string): Problem[] {
  const where = `${side} ${scores.manifest.run}`;
  const group = scores.groups.get(condition);
  if (group === undefined) {
    const known = [...scores.groups.keys()];
    const expected = `the gated condition ${condition} (for ${metric})`;
    return [{ code: "E_GATE_CONDITIONS", where, expected, got: known.join(", "), fix: instead(condition, known) }];
  }
  if (group.metrics.has(metric)) return [];
  const known = [...group.metrics.keys()];
  const expected = `the gated metric ${metric} under ${condition}`;
  return [
    { code: "E_GATE_METRIC", where, expected, got: known.join(", ") || "no metrics", fix: instead(metric, known) },
  ];
}

function instead(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near === undefined ? "run the suite again with it, or do not gate it" : `did you mean "${near}"?`;
}

function nothing(metric: string): Problem {
  return {
    code: "E_GATE_CONDITIONS",
    where: `gate /${metric}`,
    expected: "a condition under which answers were given",
    got: "a run that only retrieves",
    fix: "gate metrics of rankings only, or add a generator to the system",
  };
}
