import {
  type Coefficient,
  type EstimatedCoefficient,
  estimated,
  type NoCoefficient,
  notEstimable,
} from "./coefficient.ts";
import { disagreement, type Weighting } from "./disagreement.ts";
import { requirePair, type Tally } from "./tally.ts";

/** κ with the standard errors that are defined for independent items. */
export type Kappa = EstimatedKappa | NoCoefficient;

export interface EstimatedKappa extends EstimatedCoefficient {
  /** Standard error, for an interval. */
  readonly standardError: number;
  /** Standard error if the true κ were 0, for a test of that. */
  readonly standardErrorAtZero: number;
}

/**
 * Cohen's κ of two raters, 1 - (observed disagreement ÷ disagreement expected from their own grade frequencies): 1 is
 * full agreement, 0 what chance gives, at least -1. Items that either rater left out do not count. Not estimable when both
 * give every item the same one grade.
 *
 * Source: Cohen 1960 and (weighted) 1968; standard errors Fleiss, Cohen and Everitt, Psychological Bulletin 72, 1969.
 * They hold for independent items; where items share a question take `coefficientInterval` with clusters.
 *
 * @param tally of two raters @param weighting how near misses count. Default `identity`: not at all
 * @throws BadArgument unless there are two raters
 * @example cohenKappa(tallyGrades([[0, 0, 1, 1], [0, 1, 1, 1]])) // value .5
 */
export function cohenKappa(tally: Tally, weighting: Weighting = "identity"): Kappa {
  const sums = pairSums(tally, weighting);
  if (!("expected" in sums)) return sums;
  const { n, weight, rowMeans, columnMeans, observed, expected, left, right } = sums;
  const rest = observed / expected;
  const chance = 1 - expected;
  const { counts, rows } = tally;
  let spread = 0;
  for (let r = 0; r < counts.length; r++) {
    const i = rows[2 * r]!;
    const j = rows[2 * r + 1]!;
    if (i < 0 || j < 0) continue;
    // In agreements, as the source has it: w = 1 - v.
    const pull = 1 - weight(i, j) - (2 - rowMeans[i]! - columnMeans[j]!) * rest;
    spread += (counts[r]! / n) * pull * pull;
  }
  let spreadAtZero = 0;
  for (let i = 0; i < left.length; i++) {
    if (left[i] === 0) continue;
    for (let j = 0; j < right.length; j++) {
      const pull = 1 - weight(i, j) - (2 - rowMeans[i]! - columnMeans[j]!);
      spreadAtZero += left[i]! * right[j]! * pull * pull;
    }
  }
  const centre = 1 - rest - chance * rest;
  const error = (sum: number) => Math.sqrt(Math.max(0, sum) / n) / expected;
  return {
    state: "estimated",
    value: 1 - rest,
    n,
    standardError: error(spread - centre * centre),
    standardErrorAtZero: error(spreadAtZero - chance * chance),
  };
}

/** κ alone, for resampling: the standard errors cost more than the value. */
export function kappaOf(tally: Tally, weighting: Weighting = "identity"): Coefficient {
  const sums = pairSums(tally, weighting);
  return "expected" in sums ? estimated(1 - sums.observed / sums.expected, sums.n) : sums;
}

function pairSums(tally: Tally, weighting: Weighting) {
  requirePair(tally);
  const { scale, rows, counts } = tally;
  const k = scale.length;
  const weight = disagreement(scale, weighting);
  const left = new Float64Array(k);
  const right = new Float64Array(k);
  let n = 0;
  let observed = 0;
  for (let r = 0; r < counts.length; r++) {
    const i = rows[2 * r]!;
    const j = rows[2 * r + 1]!;
    const count = counts[r]!;
    if (i < 0 || j < 0) continue;
    n += count;
    left[i]! += count;
    right[j]! += count;
    observed += count * weight(i, j);
  }
  if (n === 0) return notEstimable("no item has grades of both raters", n);
  const rowMeans = new Float64Array(k);
  const columnMeans = new Float64Array(k);
  let expected = 0;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      const v = weight(i, j);
      rowMeans[i]! += (right[j]! / n) * v;
      columnMeans[j]! += (left[i]! / n) * v;
    }
    expected += (left[i]! / n) * rowMeans[i]!;
  }
  if (expected === 0) return notEstimable("both raters give every item the same grade", n);
  return {
    n,
    weight,
    rowMeans,
    columnMeans,
    observed: observed / n,
    expected,
    left: left.map((x) => x / n),
    right: right.map((x) => x / n),
  };
}
