import type { Problem } from "../../core/problem.ts";
import { nearest } from "../../lib/nearest.ts";
import { parseMetric } from "../../metric/index.ts";
import type { Scores } from "../../runlog/index.ts";
import { judgedMeasure } from "../judged-measure.ts";
import { limitsOf } from "../limits.ts";
import type { PlannedCheck } from "../plan-checks.ts";

/** What is asked of a comparison. */
export interface Chosen {
  /** Canonical names; all that both runs have where left out or empty. */
  readonly metrics?: readonly string[];
  /** Conditions, or `retrieval`; all that both runs have where left out or empty. */
  readonly conditions?: readonly string[];
}

export interface PlannedComparison {
  /** One per metric and condition that both runs have; a superiority check whose limit is the minimum effect. */
  readonly checks: readonly PlannedCheck[];
  /** Metrics with a minimum effect of the suite's, in its order. */
  readonly gated: readonly string[];
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

/** Finds what two runs can be compared on, and says what they cannot. */
export function planComparison(
  baseline: Scores,
  candidate: Scores,
  { metrics = [], conditions = [] }: Chosen,
): PlannedComparison {
  const effects = minEffects(candidate);
  const notes: string[] = [];
  const checks: PlannedCheck[] = [];
  for (const condition of union(baseline.groups.keys(), candidate.groups.keys())) {
    if (conditions.length > 0 && !conditions.includes(condition)) continue;
    const [a, b] = [baseline.groups.get(condition)?.metrics, candidate.groups.get(condition)?.metrics];
    if (!a || !b) {
      notes.push(`${condition} is in the ${a ? "baseline" : "candidate"} only`);
      continue;
    }
    for (const metric of union(b.keys(), a.keys())) {
      if (metrics.length > 0 && !metrics.includes(metric)) continue;
      const measure = measureOf(metric, baseline, candidate);
      if (!a.has(metric) || !b.has(metric)) {
        notes.push(`${metric} ${condition} is in the ${a.has(metric) ? "baseline" : "candidate"} only`);
      } else if (typeof measure === "string") notes.push(`${metric} ${condition}: ${measure}, so it is not compared`);
      else {
        const limit = effects.find((effect) => effect.metric === metric && effect.covers(condition))?.minEffect ?? 0;
        checks.push({ metric, condition, definition: measure, kind: "superiority", limit });
      }
    }
  }
  const gated = effects.map(({ metric }) => metric);
  const problems = notChosen(checks, baseline, candidate, { metrics, conditions });
  if (checks.length === 0 && problems.length === 0) problems.push(nothingInCommon(baseline, candidate, notes));
  return { checks, gated, notes, problems };
}

/** The suite's minimum effects, as the candidate's manifest has them. */
function minEffects({ manifest }: Scores) {
  if ((manifest.suite.config as { gate?: unknown } | null)?.gate === undefined) return [];
  return Array.from(limitsOf(manifest).metrics, ([name, { min_effect, conditions }]) => {
    const parsed = parseMetric(name);
    return {
      metric: parsed.ok ? parsed.metric.name : name,
      minEffect: min_effect ?? 0,
      covers: (condition: string) => conditions === undefined || conditions.includes(condition),
    };
  });
}

/** How a column is read, or why it is not. */
function measureOf(name: string, baseline: Scores, candidate: Scores): PlannedCheck["definition"] | string {
  const [a, b] = [baseline.judged.get(name), candidate.judged.get(name)];
  if (a && b) return judgedMeasure(a, b);
  const parsed = parseMetric(name);
  return parsed.ok ? parsed.metric.definition : "this version does not know the metric";
}

/** What was asked for and is not in both runs. */
function notChosen(
  checks: readonly PlannedCheck[],
  baseline: Scores,
  candidate: Scores,
  chosen: Required<Chosen>,
): Problem[] {
  const known = (of: (check: PlannedCheck) => string) => Array.from(new Set(checks.map(of)));
  const absent = (field: string, names: readonly string[], there: readonly string[], all: readonly string[]) =>
    names
      .filter((name) => !there.includes(name))
      .map((name): Problem => {
        const near = nearest(name, all);
        return {
          code: "E_COMPARE_METRIC",
          where: `${field} ${name}`,
          expected: `a ${field} that both runs have`,
          got: all.includes(name) ? "one that only one of them has" : `only ${all.join(", ") || "nothing"}`,
          fix:
            near === undefined || near === name
              ? "leave it out, or run the suite again with it"
              : `did you mean "${near}"?`,
        };
      });
  const groups = [...baseline.groups.values(), ...candidate.groups.values()];
  const names = union(groups.flatMap(({ metrics }) => [...metrics.keys()]));
  return [
    ...absent(
      "condition",
      chosen.conditions,
      known(({ condition }) => condition),
      union(groups.map(({ name }) => name)),
    ),
    ...absent(
      "metric",
      chosen.metrics,
      known(({ metric }) => metric),
      names,
    ),
  ];
}

function nothingInCommon({ manifest: a }: Scores, { manifest: b }: Scores, notes: readonly string[]): Problem {
  return {
    code: "E_COMPARE_METRIC",
    where: `${a.run} and ${b.run}`,
    expected: "a metric that both runs have under one condition",
    got: `none${notes.length > 0 ? ` (${notes.slice(0, 3).join("; ")})` : ""}`,
    fix: "run the suite again with the same metrics and conditions",
  };
}

function union(...lists: readonly Iterable<string>[]): string[] {
  return Array.from(new Set(lists.flatMap((list) => [...list])));
}
