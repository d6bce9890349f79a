/** Why a sample has no value on a metric. Never written as NaN, null, -1 or 0. */
export type UnscoredReason =
  /** The metric does not speak about this sample (refusal recall of an answerable question); not part of its n. */
  | "not-applicable"
  /** The dataset has nothing to compare with: no reference answer, no judged passage. */
  | "no-gold"
  /** A judge was asked and gave no valid grade. */
  | "judge-failed"
  /** It depends on what a judge says of the answer, and the judge was not asked yet. */
  | "not-judged";

/** The value of one metric for one sample: a number, or the reason why there is none. */
export type Outcome =
  | { readonly state: "scored"; readonly value: number; readonly evidence?: string }
  | { readonly state: "unscored"; readonly reason: UnscoredReason; readonly detail: string };

export function scored(value: number, evidence?: string): Outcome {
  return evidence === undefined ? { state: "scored", value } : { state: "scored", value, evidence };
}

export function unscored(reason: UnscoredReason, detail: string): Outcome {
  return { state: "unscored", reason, detail };
}
