/** A coefficient of agreement on a sample, or the reason why it has none. Never NaN, and never 1 for want of variety. */
export type Coefficient = EstimatedCoefficient | NoCoefficient;

export interface EstimatedCoefficient {
  readonly state: "estimated";
  readonly value: number;
  /** Items behind it. */
  readonly n: number;
}

export interface NoCoefficient {
  readonly state: "not-estimable";
  readonly reason: string;
  readonly n: number;
}

export function estimated(value: number, n: number): EstimatedCoefficient {
  return { state: "estimated", value, n };
}

export function notEstimable(reason: string, n: number): NoCoefficient {
  return { state: "not-estimable", reason, n };
}

/** a - b, for paired comparisons of two judges on one set of items. Not estimable where either is not. */
export function differenceOf(a: Coefficient, b: Coefficient): Coefficient {
  if (a.state === "not-estimable") return a;
  if (b.state === "not-estimable") return b;
  return estimated(a.value - b.value, Math.min(a.n, b.n));
}
