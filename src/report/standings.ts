import type { Estimate } from "../core/estimate.ts";
import type { Rng } from "../core/rng.ts";
import { comparePaired, differenceOfMeans, holm } from "../stats/index.ts";
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

/** A row's difference to the best one, and the p-value of none. */
interface Comparison {
  readonly difference: Estimate;
  readonly p: number;
}

/**
 * Which row of a column is best, and which rows cannot be told apart from it: every other row is compared with the best
 * one question by question (paired randomization), p-values adjusted by Holm over the column. Only an adjusted p of at
 * most 1 - level puts a row behind; a higher mean alone never does. Two rows whose means are over different questions (of
 * refusal precision, those each system declined) are compared by the difference of these means, never on the questions
 * both happen to have.
 */
export function standings(rows: readonly (Contender | undefined)[], options: StandingOptions): Standing[] {
  const { metric, level, rng } = options;
  const best = indexOfBest(rows, metric);
  const compared = new Map<number, Comparison>();
  const estimable = rows.filter((row) => row?.estimate.state === "estimated").length;
  if (best !== undefined && estimable > 1) {
    const draws = drawsFor(estimable - 1, 1 - level);
    for (const [i, row] of rows.entries()) {
      if (i === best || row?.estimate.state !== "estimated") continue;
      compared.set(i, compare(row, rows[best]!, { metric, level, draws, rng: rng.fork(row.label) }));
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
    const pHolm = adjusted.get(i)!;
    const { difference, p } = compared.get(i)!;
    return { kind: pHolm <= 1 - level ? "behind" : "tied", difference, p, pHolm };
  });
}

/**
 * The same with rows whose mean is that of the best marked best too: which of them comes first in the table is no merit. Sums of one
 * size may differ by their order in the last digits.
 */
export function bestTogether(rows: readonly (Contender | undefined)[], marks: readonly Standing[]): Standing[] {
  const meanOf = (at: number): number => {
    const estimate = rows[at]?.estimate;
    return estimate?.state === "estimated" ? estimate.mean : Number.NaN;
  };
  const most = meanOf(marks.findIndex(({ kind }) => kind === "best"));
  return marks.map((mark, at) =>
    mark.kind === "tied" && Math.abs(meanOf(at) - most) <= 1e-12 * Math.max(1, Math.abs(most))
      ? { kind: "best" }
      : mark,
  );
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

function compare(a: Contender, b: Contender, options: StandingOptions & { readonly draws: number }): Comparison {
  const either: number[] = [];
  let both = 0;
  for (let i = 0; i < Math.min(a.values.length, b.values.length); i += 1) {
    const [inA, inB] = [!Number.isNaN(a.values[i]!), !Number.isNaN(b.values[i]!)];
    if (inA || inB) either.push(i);
    if (inA && inB) both += 1;
  }
  const { metric, level, draws, rng } = options;
  const shared = {
    rng,
    ...(metric.range && { range: metric.range }),
    ...(a.clusters && b.clusters && { clusters: Float64Array.from(either, (i) => clusterOf(i, a, b)) }),
  };
  if (both < either.length) {
    const [x, y] = [a, b].map(({ values }) => either.map((i) => (Number.isNaN(values[i]!) ? undefined : values[i]!)));
    const { estimate, p } = differenceOfMeans(x!, y!, { ...shared, proportion: metric.proportion });
    return { difference: estimate(level), p };
  }
  return comparePaired(pick(a.values, either), pick(b.values, either), {
    ...shared,
    level,
    draws,
    // The mark comes from the test. Its interval is for reading, and from here on the bootstrap only costs time.
    ...(both >= MANY_PAIRS && { method: "t" as const }),
  });
}

/** Clusters are known where a row has a value; those of one question are the same. */
function clusterOf(question: number, a: Contender, b: Contender): number {
  return (Number.isNaN(a.values[question]!) ? b : a).clusters![question]!;
}

function pick(values: ArrayLike<number>, at: readonly number[]): Float64Array {
  return Float64Array.from(at, (i) => values[i]!);
}
