import type { Estimate } from "../core/estimate.ts";
import type { Rng } from "../core/rng.ts";
import { comparePaired, holm, type PairedComparison } from "../stats/index.ts";
import type { MetricHead, Standing } from "./summary-types.ts";

/** One row's numbers on one metric, lined up with those of the other rows. */
export interface Contender {
  readonly estimate: Estimate;
  /** Stable name of the row; the random numbers of its comparison depend on it. */
  readonly label: string;
  /** One value per question of the table, NaN where this row has none. */
  readonly values: Float64Array;
  /** A number per question that names its cluster; undefined when questions are independent. */
  readonly clusters?: ArrayLike<number>;
}

export interface StandingOptions {
  readonly metric: MetricHead;
  /** Confidence level; 1 - level bounds the chance of any false separation in the column. */
  readonly level: number;
  readonly rng: Rng;
}

/**
 * Which row of a column is best, and which rows cannot be told apart from it: every other row is compared with the best
 * one on the questions both have a value for (paired randomization), p-values adjusted by Holm over the column. Only an
 * adjusted p of at most 1 - level puts a row behind; a higher mean alone never does.
 */
export function standings(rows: readonly (Contender | undefined)[], options: StandingOptions): Standing[] {
  const { metric, level, rng } = options;
  const best = indexOfBest(rows, metric);
  const compared = new Map<number, PairedComparison>();
  const estimable = rows.filter((row) => row?.estimate.state === "estimated").length;
  if (best !== undefined && estimable > 1) {
    const draws = drawsFor(estimable - 1, 1 - level);
    for (const [i, row] of rows.entries()) {
      if (i === best || row?.estimate.state !== "estimated") continue;
      const comparison = compare(row, rows[best]!, { metric, level, draws, rng: rng.fork(row.label) });
      if (comparison) compared.set(i, comparison);
    }
  }
  const order = [...compared.keys()];
  const adjusted = new Map(holm(order.map((i) => compared.get(i)!.p)).map((p, at) => [order[at]!, p]));
  return rows.map((row, i) => {
    if (row === undefined) return unranked("not measured");
    if (row.estimate.state === "not-estimable") return unranked(row.estimate.reason);
    if (metric.group === "unknown") return unranked("the metric's direction is not known");
    if (estimable < 2) return unranked("nothing to compare with");
    if (i === best) return { kind: "best" };
    const comparison = compared.get(i);
    if (comparison === undefined) return unranked("too few questions in common with the best");
    const pHolm = adjusted.get(i)!;
    const { difference, p } = comparison;
    return { kind: pHolm <= 1 - level ? "behind" : "tied", difference, p, pHolm };
  });
}

function unranked(reason: string): Standing {
  return { kind: "unranked", reason };
}

function indexOfBest(rows: readonly (Contender | undefined)[], metric: MetricHead): number | undefined {
  if (metric.group === "unknown") return undefined;
  const sign = metric.better === "higher" ? 1 : -1;
  let best: number | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (const [i, row] of rows.entries()) {
    if (row?.estimate.state !== "estimated" || sign * row.estimate.mean <= most) continue;
    most = sign * row.estimate.mean;
    best = i;
  }
  return best;
}

/** From as many pairs on the intervals by t and by bootstrap agree. */
const MANY_PAIRS = 2000;

/** Enough random sign assignments that Holm's smallest threshold, alpha / rows, is some twenty times the smallest p. */
function drawsFor(rows: number, alpha: number): number {
  return Math.max(9_999, Math.ceil((20 * rows) / alpha));
}

function compare(
  a: Contender,
  b: Contender,
  options: StandingOptions & { readonly draws: number },
): PairedComparison | undefined {
  const shared: number[] = [];
  for (let i = 0; i < Math.min(a.values.length, b.values.length); i += 1) {
    if (!Number.isNaN(a.values[i]!) && !Number.isNaN(b.values[i]!)) shared.push(i);
  }
  if (shared.length < 2) return undefined;
  const { metric, level, draws, rng } = options;
  return comparePaired(pick(a.values, shared), pick(b.values, shared), {
    level,
    draws,
    rng,
    // The mark comes from the test. Its interval is for reading, and from here on the bootstrap only costs time.
    ...(shared.length >= MANY_PAIRS && { method: "t" as const }),
    ...(metric.range && { range: metric.range }),
    ...(a.clusters && { clusters: pick(a.clusters, shared) }),
  });
}

function pick(values: ArrayLike<number>, at: readonly number[]): Float64Array {
  return Float64Array.from(at, (i) => values[i]!);
}
