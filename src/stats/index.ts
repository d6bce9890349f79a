export * from "./agreement/index.ts";
export { allEqualInterval } from "./all-equal-interval.ts";
export { betterOrWorse, noWorse, type VerdictOptions, type VerdictWord } from "./better-or-worse.ts";
export { acceleration, type BcaInput, bcaInterval, percentileInterval } from "./bootstrap-interval.ts";
export { clusteredSize } from "./clustered-size.ts";
export { clusteredWilson } from "./clustered-wilson.ts";
export { comparePaired, type PairedComparison, type PairedOptions } from "./compare-paired.ts";
export { type Description, describe } from "./describe.ts";
export { type DetectableOptions, detectableDifference } from "./detectable-difference.ts";
export { type DifferenceOptions, differenceOfMeans, type MeanDifference } from "./difference-of-means.ts";
export { effectiveSize } from "./effective-size.ts";
export { estimateMean, type IntervalMethod, type MeanOptions, type Sample } from "./estimate-mean.ts";
export { fisherExact } from "./fisher-exact.ts";
export { holm } from "./holm.ts";
export { incompleteBeta } from "./incomplete-beta.ts";
export type { Interval } from "./interval.ts";
export { normalCdf, normalQuantile } from "./normal.ts";
export { type PairedBootstrapOptions, pairedBootstrap } from "./paired-bootstrap.ts";
export { pairedRandomization, type Randomization, type RandomizationOptions } from "./paired-randomization.ts";
export * from "./prediction-powered/index.ts";
export { quantileSorted } from "./quantile.ts";
export { type QuantileRanks, quantileInterval, quantileRanks } from "./quantile-interval.ts";
export {
  type Detectable,
  detectableWith,
  type QueriesNeeded,
  type QueriesNeededOptions,
  queriesNeeded,
} from "./queries-needed.ts";
export { ratioInterval } from "./ratio-interval.ts";
export { resampledMeans } from "./resampled-means.ts";
export {
  type AurcOptions,
  areaUnderRiskCoverage,
  estimateAurc,
  type RiskCoverage,
  riskCoverage,
} from "./risk-coverage.ts";
export { studentTCdf, studentTQuantile } from "./student-t.ts";
export { sum } from "./sum.ts";
export { tInterval } from "./t-interval.ts";
export { tailError } from "./tail-error.ts";
export {
  standardErrorWith,
  type TrialShareOptions,
  trialShareInterval,
  type VarianceComponents,
  varianceComponents,
} from "./variance-components.ts";
export { type Spread, welch } from "./welch.ts";
export { wilson } from "./wilson.ts";
