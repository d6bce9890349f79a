/** What every estimate says about its samples: asked = n + unscored, and `failed` of the n were scored the floor. */
export interface SampleCounts {
  /** Samples with a value, system failures (scored the metric's floor) included. */
  readonly n: number;
  /** Samples the metric applies to but which have no value. Samples it does not apply to are in neither count. */
  readonly unscored: number;
  /** Of the n, those that hold the floor because the system failed. */
  readonly failed: number;
}

/** A mean with its interval. A mean never travels without its counts and its method. */
export interface Estimated extends SampleCounts {
  readonly state: "estimated";
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Confidence level in (0, 1), for example .95. */
  readonly level: number;
  /** How the interval was made: `wilson`, `t`, `bootstrap-percentile`, `bootstrap-bca`, `t-clustered`, … */
  readonly method: string;
}

/** Fewer than two samples, or samples that carry no information about spread: there is no interval, so no estimate. */
export interface NotEstimable extends SampleCounts {
  readonly state: "not-estimable";
  readonly reason: string;
}

export type Estimate = Estimated | NotEstimable;
