import { DataError } from "../../core/errors.ts";
import { type Scores, sampleOf } from "../../runlog/index.ts";
import { type Detectable, detectableWith, type QueriesNeeded, queriesNeeded } from "../../stats/index.ts";
import { incomparable } from "../comparable.ts";
import { type Chosen, planComparison } from "../compare/plan-comparison.ts";
import { pair } from "../pair.ts";
import type { PlannedCheck } from "../plan-checks.ts";

export interface PlanOptions extends Chosen {
  /** The true difference that should be told, > 0; where left out, that of the suite's gate, and metrics without one are left out. */
  readonly effect?: number;
  /** Wanted probability of telling it. Default .8. */
  readonly power?: number;
  /** The error rate of all that is tested together. Default .05. */
  readonly alpha?: number;
  /** How many differences are tested together: each is held to alpha ÷ this, Holm's first step. Default 1. */
  readonly family?: number;
  /** Also say what so many questions would tell. */
  readonly questions?: number;
}

/** What one metric under one condition would take. */
export interface PlannedMetric {
  readonly metric: string;
  readonly condition: string;
  readonly range: readonly [low: number, high: number];
  /** Questions of the pilot with a value. */
  readonly n: number;
  readonly effect: number;
  readonly needed: QueriesNeeded;
  /** The smallest difference that as many questions as the pilot's tell, and that the questions asked about tell. */
  readonly detectable: Detectable;
  readonly detectableWithAll?: Detectable;
}

export interface QuestionPlan {
  /**
   * `paired`: from the differences of two runs. `bound`: from one run, as if another's scores had the same spread and no
   * correlation with it: two systems on the same questions nearly always correlate, and then fewer questions do.
   */
  readonly basis: "paired" | "bound";
  readonly power: number;
  readonly alpha: number;
  readonly family: number;
  readonly questions?: number;
  readonly metrics: readonly PlannedMetric[];
  readonly notes: readonly string[];
}

/**
 * How many questions a paired comparison needs to tell a difference, from the spread in a pilot.
 * @param pilot a run, or two runs of one protocol over the same questions
 * @throws DataError when the runs cannot be paired, or a metric asked for is not there
 */
export function planQuestions(pilot: readonly [Scores, Scores?], options: PlanOptions): QuestionPlan {
  const { effect, power = 0.8, alpha = 0.05, family = 1, questions } = options;
  const [a, b = a] = pilot;
  const paired = a !== b;
  const problems = paired ? incomparable(a, b, { code: "E_COMPARE" }) : [];
  if (problems.length > 0) throw new DataError(problems);
  const plan = planComparison(a, b, options);
  if (plan.problems.length > 0) throw new DataError(plan.problems);
  const each = { power, alpha: alpha / family };
  const metrics = plan.checks.flatMap((check): PlannedMetric[] => {
    const wanted = effect ?? check.limit;
    if (!(wanted > 0)) return [];
    const spread = paired ? spreadOfPair(check, a, b) : boundOf(check, a);
    const seen = { ...each, ...spread };
    const unpaired: { state: "unknown"; reason: string } = {
      state: "unknown",
      reason: "the two means are over different questions",
    };
    const detectable = (queries: number): Detectable =>
      spread.unpaired > 0
        ? unpaired
        : queries < 1
          ? { state: "unknown", reason: "no questions" }
          : detectableWith({ ...seen, queries });
    return [
      {
        metric: check.metric,
        condition: check.condition,
        range: check.definition.range,
        n: spread.differences.length,
        effect: wanted,
        needed: spread.unpaired > 0 ? unpaired : queriesNeeded({ ...seen, effect: wanted }),
        detectable: detectable(spread.differences.length),
        ...(questions !== undefined && { detectableWithAll: detectable(questions) }),
      },
    ];
  });
  if (metrics.length === 0) throw new DataError([noEffect(a.manifest.suite.id)]);
  const basis = paired ? "paired" : "bound";
  return { basis, power, alpha, family, ...(questions !== undefined && { questions }), metrics, notes: plan.notes };
}

function spreadOfPair(check: PlannedCheck, a: Scores, b: Scores) {
  const { differences, clusters, unpaired } = pair(a, b, check.condition, check.metric);
  return { differences, unpaired, ...(clusters && { clusters }) };
}

/** The difference of two independent scores of one spread varies √2 as much as either. */
function boundOf(check: PlannedCheck, scores: Scores) {
  const { values, clusters } = sampleOf(scores, check.condition, check.metric)!;
  return { differences: values.map((x) => Math.SQRT2 * x), unpaired: 0, ...(clusters && { clusters }) };
}

function noEffect(suite: string) {
  return {
    code: "E_PLAN_EFFECT",
    where: `suite ${suite}`,
    expected: "a difference that should be told",
    got: "no --effect, and no min_effect in the suite's gate",
    fix: "give one, for example --effect 0.02",
  };
}
