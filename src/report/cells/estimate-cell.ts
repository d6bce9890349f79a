import type { Estimate } from "../../core/estimate.ts";
import { seeded } from "../../core/rng.ts";
import { RETRIEVAL, type ScoreSample, type Scores, sampleOf } from "../../runlog/index.ts";
import { estimateMean } from "../../stats/index.ts";
import { undecidedReason } from "../refusal/judging-text.ts";
import type { MetricHead } from "../summary-types.ts";

/** One metric of one group of a run: its estimate with the values it is made of. */
export interface EstimatedSample {
  readonly estimate: Estimate;
  readonly sample: ScoreSample;
  /** Questions the metric does not speak of. */
  readonly notApplicable: number;
}

/**
 * Estimates one mean of a run. The random numbers come from the run's seed, forked by
 * `estimate/<run>/<condition>/<metric>`, so that no other run or metric changes them.
 *
 * @param group `retrieval` or a condition @returns undefined where the run has no such number
 */
export function estimateSample(
  scores: Scores,
  group: string,
  metric: MetricHead,
  level: number,
): EstimatedSample | undefined {
  const sample = sampleOf(scores, group, metric.name);
  if (sample === undefined) return undefined;
  const { run, seed, trials } = scores.manifest;
  const notApplicable = scores.queries.length - sample.values.length - sample.unscored;
  const stray = strayValue(sample.values, metric);
  if (stray !== undefined) {
    const counts = { n: sample.values.length, unscored: sample.unscored, failed: sample.failed };
    const reason = `a value of ${stray} lies outside the metric's range`;
    return { estimate: { state: "not-estimable", reason, ...counts }, sample, notApplicable };
  }
  const estimate = estimateMean(sample, {
    level,
    // A mean over trials of a 0/1 metric is no longer 0 or 1.
    proportion: metric.proportion && (trials === 1 || group === RETRIEVAL),
    ...(metric.range && { range: metric.range }),
    rng: seeded(seed).fork(`estimate/${run}/${group}/${metric.name}`),
  });
  const reason = estimate.n === 0 && sample.unscored > 0 ? undecidedReason(scores, group, metric.name) : undefined;
  if (estimate.state === "not-estimable" && reason !== undefined)
    return { estimate: { ...estimate, reason }, sample, notApplicable };
  return { estimate, sample, notApplicable };
}

/** A log may have been edited; a value that its metric cannot have must not become a number with an interval. */
function strayValue(values: Float64Array, { range, proportion }: MetricHead): number | undefined {
  if (range === undefined) return undefined;
  return values.find((x) => !(x >= range[0] && x <= range[1]) || (proportion && !Number.isFinite(x)));
}
