/** Both ends of a confidence interval, in the unit of the values. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}
