import type { GateLimitConfig } from "../config/index.ts";
import type { Problem } from "../core/problem.ts";
import { nearest } from "../lib/nearest.ts";
import { quoteValue } from "../lib/text.ts";
import { parseMetric } from "../metric/index.ts";
import { RETRIEVAL, type Scores } from "../runlog/index.ts";
import { judgedMeasure, type Measure } from "./judged-measure.ts";
import type { CheckedThing, CheckKind } from "./verdict.ts";

/** One question that the gate will ask of the scores. */
export interface PlannedCheck {
  /** Default `metric`. */
  readonly of?: CheckedThing;
  readonly metric: string;
  readonly definition: Measure;
  /** The group of scores: `retrieval` or a condition. */
  readonly condition: string;
  readonly kind: CheckKind;
  /** The minimum effect of a paired check (0 when none is declared), or the absolute limit. */
  readonly limit: number;
  /** The mean itself is held against an absolute limit. */
  readonly point?: boolean;
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
  const problems: Problem[] = [];
  for (const [name, limit] of limits) {
    if (name.includes("/")) {
      const found = planJudged(name, limit, { baseline, candidate, everyCondition });
      checks.push(...found.checks);
      problems.push(...found.problems);
      continue;
    }
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
      checks.push(...asked(limit).map((check) => ({ metric, definition, condition, ...check })));
    }
    if (conditions.length === 0) problems.push(nothing(name));
  }
  return { checks, problems };
}

/** A judge's column, which both runs must have been graded with by one version of the judge. */
function planJudged(
  name: string,
  limit: GateLimitConfig,
  runs: { readonly baseline: Scores; readonly candidate: Scores; readonly everyCondition: readonly string[] },
): { readonly checks: readonly PlannedCheck[]; readonly problems: readonly Problem[] } {
  const { baseline, candidate } = runs;
  const conditions = limit.conditions ?? runs.everyCondition;
  const missing = conditions.flatMap((condition) => [
    ...absent("baseline", baseline, condition, name),
    ...absent("candidate", candidate, condition, name),
  ]);
  if (conditions.length === 0) missing.push(nothing(name));
  if (missing.length > 0) return { checks: [], problems: missing };
  const definition = judgedMeasure(baseline.judged.get(name)!, candidate.judged.get(name)!);
  if (typeof definition !== "string") {
    const checks = conditions.flatMap((condition) =>
      asked(limit).map((check) => ({ metric: name, definition, condition, ...check })),
    );
    return { checks, problems: [] };
  }
  return {
    checks: [],
    problems: [
      {
        code: "E_GATE_JUDGE",
        where: `gate /${name}`,
        expected: "grades of one version of the judge in both runs",
        got: definition,
        fix: `grade both runs again with the judge as it is: bench judge run`,
      },
    ],
  };
}

export function noLimits({ manifest }: Scores): Problem {
  return {
    code: "E_GATE_EMPTY",
    where: `suite ${manifest.suite.id}, as run ${manifest.run} recorded it`,
    expected: 'at least one metric under "gate"',
    got: "none",
    fix: 'add for example "gate: { nDCG@10: { min_effect: 0.01 } }" to the suite and run the candidate again',
  };
}

function asked(limit: GateLimitConfig): Pick<PlannedCheck, "kind" | "limit" | "point">[] {
  const { min_effect, test, at_least, at_most, point = false } = limit;
  const absolute = at_least !== undefined || at_most !== undefined;
  const relative = !absolute || min_effect !== undefined || test !== undefined;
  const at = (kind: CheckKind, bound: number | undefined) =>
    bound === undefined ? [] : [{ kind, limit: bound, ...(point && { point }) }];
  return [
    ...(relative ? [{ kind: test ?? ("non-inferiority" as const), limit: min_effect ?? 0 }] : []),
    ...at("at_least", at_least),
    ...at("at_most", at_most),
  ];
}

/** @param what needs the condition */
export function absentCondition(side: string, scores: Scores, condition: string, what: string): Problem[] {
  if (scores.groups.has(condition)) return [];
  const where = `${side} ${scores.manifest.run}`;
  const known = [...scores.groups.keys()];
  const expected = `the gated condition ${condition} (for ${what})`;
  return [{ code: "E_GATE_CONDITIONS", where, expected, got: known.join(", "), fix: instead(condition, known) }];
}

function absent(side: string, scores: Scores, condition: string, metric: string): Problem[] {
  const where = `${side} ${scores.manifest.run}`;
  const group = scores.groups.get(condition);
  if (group === undefined) return absentCondition(side, scores, condition, metric);
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

/** @param metric what is gated, as the suite names it */
export function nothing(metric: string): Problem {
  return {
    code: "E_GATE_CONDITIONS",
    where: `gate /${metric}`,
    expected: "a condition under which answers were given",
    got: "a run that only retrieves",
    fix: "gate metrics of rankings only, or add a generator to the system",
  };
}
