import type { Estimate } from "../core/estimate.ts";
import { type Rng, seeded } from "../core/rng.ts";
import { type Scores, sampleOf } from "../runlog/index.ts";
import { differenceOfMeans, estimateMean, type Interval, pairedRandomization } from "../stats/index.ts";
import { amountOf } from "./amounts.ts";
import type { Claim } from "./decide.ts";
import { pair, side } from "./pair.ts";
import type { PlannedCheck } from "./plan-checks.ts";
import type { Paired, Side } from "./verdict.ts";

/** What the scores say about one planned check, before the checks are decided together. */
export interface Evidence {
  readonly plan: PlannedCheck;
  readonly claim: Claim;
  /** The values whose mean is judged: paired differences, or the candidate's scores. */
  readonly values: Float64Array;
  readonly clusters?: Uint32Array;
  /** Whether the claim speaks of the negated mean, because lower is better or a ceiling is set. */
  readonly negated: boolean;
  /** The mean with its interval at any level, in the unit of the metric. */
  readonly estimate: (level: number) => Estimate;
  readonly baseline?: Side;
  readonly candidate: Side;
  readonly paired?: Omit<Paired, "randomization"> & { readonly randomization: { p: number; draws: number } };
}

/**
 * Holm asks for intervals far out in the tails and reads p-values off them: that many resamples no bootstrap affords.
 * Student's t of paired differences holds its error there. Simulated on wins and losses of 1 at a nominal 2.5% a side: false
 * fails 0.8 to 2.5% with 50 to 500 questions; false passes 2 to 3% too, but more where hardly any question differs, as nothing
 * in the sample shows the losses it missed: 3.8% with 80 questions, 6.5% lost and 3.5% won, at a limit of -.03.
 */
const METHOD = "t";

export interface EvidenceOptions {
  /** Of the randomization test. */
  readonly seed: number;
  /** Random sign assignments of that test, >= 999. Default 99,999. */
  readonly draws?: number;
}

/** Looks at the scores for one check. Both runs must have its metric and condition. */
export function evidenceOf(
  plan: PlannedCheck,
  baseline: Scores,
  candidate: Scores,
  { seed, draws }: EvidenceOptions,
): Evidence {
  if (plan.of === "latency" || plan.of === "cost") return amount(plan, baseline, candidate);
  const rng = seeded(seed).fork(`gate/${plan.condition}/${plan.metric}`);
  return plan.kind === "at_least" || plan.kind === "at_most"
    ? absolute(plan, candidate, rng)
    : relative(plan, baseline, candidate, { rng, ...(draws !== undefined && { draws }) });
}

/** What is limited here should be low. */
function amount(plan: PlannedCheck, a: Scores, b: Scores): Evidence {
  const found = amountOf(plan, a, b);
  return { plan, claim: claim(-plan.limit, true, found.estimate), values: new Float64Array(), negated: true, ...found };
}

function absolute(plan: PlannedCheck, scores: Scores, rng: Rng): Evidence {
  const sample = sampleOf(scores, plan.condition, plan.metric)!;
  const { values, clusters } = sample;
  const { range } = plan.definition;
  // Means over several trials of a yes-or-no metric are no longer yes or no.
  const proportion = plan.definition.proportion && values.every((x) => x === 0 || x === 1);
  const negated = plan.kind === "at_most";
  const method = proportion ? "wilson" : METHOD;
  const estimate = (level: number) => estimateMean(sample, { level, method, proportion, range, rng });
  return {
    plan,
    claim: claim(negated ? -plan.limit : plan.limit, negated, estimate),
    values,
    ...(clusters && { clusters }),
    negated,
    estimate,
    candidate: side(sample, values),
  };
}

function relative(
  plan: PlannedCheck,
  a: Scores,
  b: Scores,
  { rng, draws: asked }: { readonly rng: Rng; readonly draws?: number },
): Evidence {
  const pairs = pair(a, b, plan.condition, plan.metric);
  const { differences: values, clusters, baseline, candidate, unpaired } = pairs;
  const [floor, ceiling] = plan.definition.range;
  const negated = plan.definition.better === "lower";
  const failed = Math.max(baseline.failed, candidate.failed);
  const unscored = Math.max(baseline.unscored, candidate.unscored);
  const sample = { values, failed, unscored, ...(clusters && { clusters }) };
  const identical = unpaired === 0 && values.length > 0 && values.every((d) => d === 0);
  const ofMeans =
    unpaired > 0
      ? differenceOfMeans(pairs.either.candidate, pairs.either.baseline, {
          proportion: plan.definition.proportion,
          range: plan.definition.range,
          rng: rng.fork("interval"),
          failed,
          unscored,
          ...(pairs.either.clusters && { clusters: pairs.either.clusters }),
        })
      : undefined;
  const estimate = (level: number): Estimate =>
    ofMeans
      ? ofMeans.estimate(level)
      : identical
        ? { state: "not-estimable", reason: "no question differs", n: values.length, failed, unscored }
        : estimateMean(sample, {
            level,
            method: METHOD,
            range: [floor - ceiling, ceiling - floor],
            rng: rng.fork("interval"),
          });
  const { p, draws } = ofMeans
    ? { p: ofMeans.p, draws: 0 }
    : pairedRandomization(values, {
        rng: rng.fork("test"),
        ...(asked !== undefined && { draws: asked }),
        ...(clusters && { clusters }),
      });
  const up = values.filter((d) => d > 0).length;
  const down = values.filter((d) => d < 0).length;
  return {
    plan,
    claim:
      plan.kind === "shift"
        ? shiftClaim(plan.limit, estimate)
        : claim(plan.kind === "superiority" ? plan.limit : -plan.limit, negated, estimate),
    values,
    ...(clusters && { clusters }),
    negated,
    estimate,
    baseline,
    candidate,
    paired: {
      n: values.length,
      unpaired,
      wins: negated ? down : up,
      ties: values.length - up - down,
      losses: negated ? up : down,
      randomization: { p, draws },
    },
  };
}

/**
 * The claim that the mean lies within the limit of 0, as one of its negated size. It is at least -limit where the whole
 * interval lies within, which is two one-sided tests (Schuirmann, J. Pharmacokinetics and Biopharmaceutics 15, 1987), and
 * below where the whole interval lies beyond on one side.
 */
function shiftClaim(limit: number, estimate: (level: number) => Estimate): Claim {
  const { interval } = claim(-limit, false, estimate);
  if (interval === undefined) return { limit: -limit, interval };
  const size = (level: number): Interval => {
    const { low, high } = interval(level);
    return { low: -Math.max(-low, high), high: -Math.max(0, low, -high) };
  };
  return { limit: -limit, interval: size };
}

function claim(limit: number, negated: boolean, estimate: (level: number) => Estimate): Claim {
  if (estimate(0.95).state !== "estimated") return { limit, interval: undefined };
  const interval = (level: number): Interval => {
    const { low, high } = estimate(level) as Interval & Estimate;
    return negated ? { low: -high, high: -low } : { low, high };
  };
  return { limit, interval };
}
